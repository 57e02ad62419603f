"""What a module of Terraform makes of its variables, as far as the shipped modules need it: parsed by python-hcl2,
evaluated here. What only AWS knows of a resource is a text that names it: "<bucket.arn>" for aws_s3_bucket.bucket.arn."""

import itertools
import json
import operator
import re

import hcl2
from lark import Token

OPERATORS = {"==": operator.eq, "!=": operator.ne, ">": operator.gt, "<": operator.lt, "&&": lambda a, b: a and b,
             "||": lambda a, b: a or b}
FUNCTIONS = {"jsonencode": json.dumps, "length": len, "toset": lambda items: sorted(set(items)),
             "concat": lambda *lists: list(itertools.chain(*lists)), "compact": lambda items: [one for one in items if one],
             "merge": lambda *maps: {key: value for one in maps for key, value in one.items()},
             "join": lambda between, items: between.join(items), "format": lambda text, *values: text % values,
             "jsondecode": json.loads, "flatten": lambda lists: list(itertools.chain(*lists))}


def snake(name):
    """As `remediate bundle` writes a parameter's name for Terraform."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z0-9])", "_", name).lower()


class Named:
    """A resource, or a module: what AWS or the module says of it."""

    def __init__(self, name, members):
        self.name, self.members = name, members

    def __getitem__(self, member):
        if isinstance(member, int):
            return self
        assert member in self.members, f"{self.name}.{member}"
        return f"<{self.name}.{member}>"


def parts(tree):
    """The children that mean something."""
    return [child for child in tree.children if not (isinstance(child, Token) and child.type in PUNCTUATION)
            and getattr(child, "data", "") != "new_line_or_comment"]


PUNCTUATION = {"LPAR", "RPAR", "LBRACE", "RBRACE", "LSQB", "RSQB", "COMMA", "DOT", "EQ", "COLON", "DBLQUOTE", "INTERP_START",
               "QMARK", "FOR", "IN", "IF", "FOR_OBJECT_ARROW"}
ESCAPES = {"n": "\n", "t": "\t", '"': '"', "\\": "\\"}


def text_of(token):
    if token.type.startswith("ESCAPED"):
        return token[1:]
    chars, text = iter(token), ""
    for char in chars:
        text += ESCAPES[next(chars)] if char == "\\" else char
    return text


class Evaluator:
    def __init__(self, names):
        self.names = names

    def __call__(self, tree):
        if isinstance(tree, Token):
            return text_of(tree)
        return getattr(self, str(tree.data))(*parts(tree))

    def expr_term(self, child):
        return self(child)

    def string(self, *pieces):
        found = [self(piece) for piece in pieces]
        return "".join(str(one).lower() if isinstance(one, bool) else str(one) for one in found)

    string_part = interpolation = object_elem_key = expr_term

    def int_lit(self, token):
        return int(token)

    def literal_value(self, token):
        return {"true": True, "false": False, "null": None}[str(token)]

    def identifier(self, token):
        return self.names[str(token)]

    def keyword(self, token):
        return str(token)

    def get_attr_expr_term(self, of, attribute):
        return self(of)[str(parts(parts(attribute)[0])[0])]

    def index_expr_term(self, of, index):
        return self(of)[self(parts(index)[0])]

    def full_splat_expr_term(self, of, _):
        value = self(of)
        return [] if value is None else [value]

    def tuple(self, *items):
        return [self(item) for item in items]

    def object(self, *elements):
        return dict(self.element(element) for element in elements)

    def element(self, element):
        key, value = parts(element)
        name = parts(parts(key)[0])[0]
        is_word = getattr(name, "data", "") == "identifier"
        return (str(name.children[0]) if is_word else self(key)), self(value)

    def conditional(self, condition, then, otherwise):
        return self(then if self(condition) else otherwise)

    def binary_op(self, left, term):
        symbol, right = parts(term)
        return OPERATORS[str(parts(symbol)[0])](self(left), self(right))

    def function_call(self, name, arguments=None):
        given = [self(one) for one in parts(arguments)] if arguments else []
        return FUNCTIONS[str(name.children[0])](*given)

    def looped(self, intro):
        *names, items = parts(intro)
        found = self(items)
        pairs = found.items() if isinstance(found, dict) else enumerate(found)
        for pair in pairs:
            values = pair if len(names) == 2 else pair[1:]
            yield Evaluator({**self.names, **dict(zip((str(name.children[0]) for name in names), values))})

    def for_object_expr(self, intro, key, value, condition=None):
        return {each(key): each(value) for each in self.looped(intro) if condition is None or each(parts(condition)[0])}

    def for_tuple_expr(self, intro, value, condition=None):
        return [each(value) for each in self.looped(intro) if condition is None or each(parts(condition)[0])]


class Block:
    def __init__(self, tree):
        *words, body = parts(tree)
        self.words = ["".join(map(str, word.scan_values(lambda t: t.type != "DBLQUOTE"))) for word in words]
        self.attributes, self.blocks = read_body(body)

    @property
    def kind(self):
        return self.words[0]

    def values(self, evaluator):
        """Attributes by name, and of each kind of block a list."""
        found = {name: evaluator(tree) for name, tree in self.attributes.items() if name != "depends_on"}
        for block in self.blocks:
            found.setdefault(block.made, []).extend(block.contents(evaluator))
        return found

    @property
    def made(self):
        """The kind of block that it becomes."""
        return self.words[1] if self.kind == "dynamic" else self.kind

    def contents(self, evaluator):
        if self.kind != "dynamic":
            return [self.values(evaluator)]
        return [self.blocks[0].values(Evaluator({**evaluator.names, self.made: {"value": item}}))
                for item in evaluator(self.attributes["for_each"])]


def read_body(tree):
    attributes, blocks = {}, []
    for child in parts(tree):
        if child.data == "attribute":
            name, value = parts(child)
            attributes[str(name.children[0])] = value
        else:
            blocks.append(Block(child))
    return attributes, blocks


def blocks_of(folder):
    found = []
    for file in sorted(folder.glob("*.tf")):
        found += parsed(file.read_text())
    return found


def parsed(text):
    return read_body(hcl2.parses_to_tree(text + "\n").children[0])[1]


class Module:
    def __init__(self, folder, given=None):
        self.blocks = blocks_of(folder)
        self.variables = {block.words[1]: block for block in self.of("variable")}
        wrong = set(given or {}) - set(self.variables)
        assert not wrong, f"{folder}: no variable {wrong}"
        names = {"var": {name: self.value(name, given or {}) for name in self.variables}, "local": {}}
        for block in self.of("resource"):
            names.setdefault(block.words[1], {})[block.words[2]] = Named(block.words[2], ("arn", "id", "name"))
        for block in self.of("locals"):
            for name, tree in block.attributes.items():
                names["local"][name] = Evaluator(names)(tree)
        self.names = names

    def of(self, kind):
        return [block for block in self.blocks if block.kind == kind]

    def value(self, name, given):
        """As Terraform takes it: null is the default of a variable that is not nullable."""
        attributes = self.variables[name].attributes
        value = given.get(name)
        if value is None:
            assert "default" in attributes, f"variable {name} is not given"
            value = Evaluator({})(attributes["default"])
        is_number = "type" in attributes and "number" in attributes["type"].scan_values(lambda token: True)
        return int(value) if is_number else value

    def resources(self):
        """(type, name, values) of each, those with count and for_each as often as they are made: these with the key in the name."""
        for block in self.of("resource"):
            kind, name = block.words[1:]
            for more in self.repeated(block):
                values = block.values(Evaluator({**self.names, **more}))
                full = "_".join([name, *([snake(more["each"]["key"])] if "each" in more else [])])
                yield kind, full, {key: value for key, value in values.items() if key not in ("count", "for_each")}

    def repeated(self, block):
        if "count" in block.attributes:
            return [{"count": {"index": i}} for i in range(Evaluator(self.names)(block.attributes["count"]))]
        if "for_each" in block.attributes:
            items = Evaluator(self.names)(block.attributes["for_each"])
            pairs = items.items() if isinstance(items, dict) else zip(items, items)
            return [{"each": {"key": key, "value": value}} for key, value in pairs]
        return [{}]
