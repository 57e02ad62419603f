#pragma once

// The AWS operations that can be called, as data: how each is asked, and what its answer holds.
// Names of members are those of the AWS API models. Add an operation: one aggregate.

#include <span>
#include <string_view>

namespace ciswatch {

enum class Protocol { json_1_0, json_1_1, query, ec2, rest_xml, rest_json };

// encoded: text that is percent-encoded, as IAM's policies. map: its entries are `item`s with a key
// and a value, both text.
enum class Kind { text, boolean, integer, real, structure, list, attribute, encoded, map };

// How an element of an XML answer becomes a member; or a member of a JSON answer, where it has another
// name on the wire than in the model. Times stay text (ISO 8601). What is not listed is left out, as
// boto3 does.
struct Field {
  std::string_view element;
  std::string_view member;
  Kind kind = Kind::text;
  std::string_view item = {};  // list, map: the element of an item; "" : `element` itself repeats
  // Of a structure, or of each item. None: items are text in XML, and left as they are in JSON.
  std::span<const Field> fields = {};
};

// A parameter that is always sent.
struct FixedParam {
  std::string_view name;
  std::string_view value;
  bool quoted = false;  // a JSON string; else a number or boolean
};

struct Paging {
  std::string_view request;    // the member that carries the token; "" : the operation has no pages
  std::string_view response;   // pointer to the next token
  std::string_view more = {};  // pointer to a boolean that says whether there is a next page
};

struct Service {
  std::string_view name;  // boto3's client name
  Protocol protocol;
  std::string_view host;  // first label of the host name
  std::string_view signing_name;
  std::string_view target_prefix = {};  // json: in front of ".Operation"
  std::string_view version = {};        // query, ec2
  std::string_view xml_namespace = {};  // of the XML that is sent
};

// Where a REST answer's members are.
enum class Answer {
  document,  // the body is JSON or XML with the members
  payload,   // the body's root element is the one member `root`
  text,      // the body's text is the one member `root`
  headers,   // no body
  nothing,   // no body; an emulator's may be the word, or an element, `root`
};

// A member of a REST request that goes into the query or a header.
struct RestParam {
  std::string_view member;
  std::string_view name;
  bool header = false;
  Kind kind = Kind::text;
};

// What calling it again does. `repeatable`: it changes something, and twice is the same as once.
// `once`: it makes something, and twice makes two of it, or fails.
enum class Effect { none, repeatable, once };

struct Operation {
  const Service* service;
  std::string_view name;
  std::string_view method = "POST";
  std::string_view path = "/";         // REST: may hold "{Bucket}"
  std::string_view sub_resource = {};  // REST: "acl"
  std::span<const RestParam> rest = {};
  std::span<const FixedParam> fixed = {};
  Answer answer = Answer::document;
  std::string_view root = {};          // XML: the root element (query: its result element)
  // XML, headers (element: the header's name), and REST-JSON where names differ.
  std::span<const Field> fields = {};
  // Pointer to a member that every answer has: without it the answer is not one, and an empty list
  // read out of it would be a false verdict.
  std::string_view required = {};
  Kind required_kind = Kind::text;  // what it must be
  Paging paging = {};

  // Of what changes something alone.
  Effect effect = Effect::none;
  // The members of the document (`element`: the name on the wire); REST-XML: the one that is the body.
  std::span<const Field> request = {};
  bool checksum = false;  // AWS wants one of the body
  // Pointer to a list of the items of the request that failed, in an answer that tells of success.
  std::string_view unsuccessful = {};

  [[nodiscard]] constexpr bool writes() const { return effect != Effect::none; }
};

// nullptr if the operation is not in the list.
const Operation* find_operation(std::string_view service, std::string_view operation);

std::span<const Operation> operations();
std::span<const Service> services();

}  // namespace ciswatch
