"""The checks' SQL, written for SQLite, in DuckDB's dialect. sqlglot parses and writes it; what it does
not know of the difference is here, as rules that say nothing of any check:

* a comparison is 1 or 0 in SQLite and a boolean in DuckDB: where its value is used, it becomes 1 or 0
* any_ok and all_ok become aggregates that DuckDB has; so does json_group_array
* a column beside an aggregate that is not grouped by is that of some row: first()
* format(), which takes a NULL for '', becomes a concatenation
* LIKE knows no upper and lower case; GLOB's [^...] is [!...]
* `a || b ->> c` is `(a || b) ->> c`
* where only its truth counts, `(a, b) in (select …)` is an EXISTS, which DuckDB looks up by hash: with
  NULLs to tell from "no", it took 100 s for 860,000 rows
* json_each: a value's text and the names of the types are SQLite's
* a CASE may have a number in one branch and what ->> tells of a document in another: that becomes a number
"""

import re

import sqlglot
from sqlglot import exp

# Functions of SQLite's that DuckDB has not, or has with another meaning.
MACROS = """
create or replace temp macro sqlite_type(type, value) as case
  when type = 'VARCHAR' then 'text' when type = 'BOOLEAN' then value ->> '$'
  when type in ('UBIGINT', 'BIGINT', 'HUGEINT') then 'integer' when type = 'DOUBLE' then 'real'
  else lower(type) end;
create or replace temp macro json_kind(document) as
  sqlite_type(json_type(document), json_extract(document, '$')),
  (document, path) as sqlite_type(json_type(document, path), json_extract(document, path));
create or replace temp macro json_quote(value) as coalesce(to_json(value)::varchar, 'null');
create or replace temp macro unixepoch(time) as epoch(try_cast(time as timestamp))::bigint;
"""

LOGIC = (exp.Connector, exp.Not, exp.Where, exp.Having, exp.Join, exp.Filter)
AGGREGATES = (exp.AggFunc, exp.Filter)
EACH = ("json_each", "json_tree")


def transpile(sql, settings=None, integers=()):
    """One statement. `settings`: what setting(name) returns; `integers`: names of columns that hold such.
    Raises ValueError, or sqlglot's errors."""
    tree = sqlglot.parse_one(sql, dialect="sqlite")
    for rule in (_arrows, _schema, _precedence, _settings(settings or {}), _formats, _patterns, _json,
                 _numbers(integers), _bare_columns, _rows_in, _truth, _aggregates):
        tree = rule(tree)
    return tree.sql(dialect="duckdb", identify=True)


def _rewrite(tree, kinds, change):
    """Changes every node of the kinds, inner ones first."""
    for node in reversed(list(tree.find_all(*kinds))):
        changed = change(node)
        if changed is not None and changed is not node:
            if node is tree:
                tree = changed
            else:
                node.replace(changed)
    return tree


def _call(name, *arguments):
    return exp.Anonymous(this=name, expressions=list(arguments))


def _name(node):
    """An unknown function's name."""
    return node.name.lower() if isinstance(node, exp.Anonymous) else ""


# --- the rules

def _schema(tree):
    """main.<table> are the stored rows; they are kept in a schema that no view's name hides."""
    for table in tree.find_all(exp.Table):
        if table.db == "main":
            table.set("db", exp.to_identifier("stored"))
    return tree


def _precedence(tree):
    """Both operators bind alike in SQLite, the left one first."""
    def rotate(pipe):
        get = pipe.expression
        if not isinstance(get, (exp.JSONExtract, exp.JSONExtractScalar)):
            return None
        left = exp.Paren(this=exp.DPipe(this=pipe.this.copy(), expression=get.this.copy(),
                                        safe=True))
        get = get.copy()
        get.set("this", left)
        return get
    return _rewrite(tree, (exp.DPipe,), rotate)


def _settings(settings):
    def change(node):
        if _name(node) != "setting":
            return None
        value = settings[node.expressions[0].name]
        return exp.Literal.string(value) if isinstance(value, str) else exp.Literal.number(value)
    return lambda tree: _rewrite(tree, (exp.Anonymous,), change)


def _literal_text(node):
    if isinstance(node, exp.Literal) and node.is_string:
        return node.name
    if isinstance(node, exp.DPipe):
        return _literal_text(node.this) + _literal_text(node.expression)
    raise ValueError(f"a format that is not written out: {node.sql('sqlite')}")


def _formats(tree):
    """format('a %s b', x) → 'a ' || coalesce(cast(x as text), '') || ' b'"""
    def change(node):
        arguments, parts = list(node.expressions), []
        for part in re.split(r"(%.)", _literal_text(node.this)):
            if part == "%%":
                parts.append(exp.Literal.string("%"))
            elif part in ("%s", "%d"):
                text = exp.cast(arguments.pop(0).copy(), "text")
                nothing = exp.Literal.string("" if part == "%s" else "0")
                parts.append(exp.Coalesce(this=text, expressions=[nothing]))
            elif part.startswith("%"):
                raise ValueError(f"format() with {part}")
            elif part:
                parts.append(exp.Literal.string(part))
        whole = parts[0]
        for part in parts[1:]:
            whole = exp.DPipe(this=whole, expression=part, safe=True)
        return exp.Paren(this=whole)
    return _rewrite(tree, (exp.Format,), change)


def _patterns(tree):
    def change(node):
        changed = node.copy()
        if isinstance(node, exp.Like):
            return exp.ILike(**changed.args)
        pattern = _literal_text(node.expression).replace("[^", "[!")
        changed.set("expression", exp.Literal.string(pattern))
        return changed
    return _rewrite(tree, (exp.Like, exp.Glob), change)


def _arrows(tree):
    """f(a -> '$.b', c) is read as a lambda."""
    def change(node):
        (name,) = node.expressions
        return exp.JSONExtract(this=exp.column(name.copy()), expression=node.this.copy())
    return _rewrite(tree, (exp.Lambda,), change)


def _json(tree):
    for select in tree.find_all(exp.Select):
        _json_rows(select)

    def change(node):
        arguments = [node.this, node.args.get("expression")]
        return _call("json_kind", *(each.copy() for each in arguments if each is not None))
    return _rewrite(tree, (exp.JSONType,), change)


def _json_rows(select):
    """What is read of json_each: of its alias, or without one where it is all that there is."""
    sources = [select.args.get("from_") or select.args.get("from"), *select.args.get("joins", [])]
    tables = [source.this for source in sources if source is not None]
    each = {table.alias_or_name for table in tables
            if isinstance(table, exp.Table) and _name(table.this) in EACH}
    if not each:
        return
    alone = len(tables) == 1
    for column in list(select.find_all(exp.Column)):
        is_its_own = column.table in each or (alone and not column.table
                                              and column.find_ancestor(exp.Select) is select)
        if not is_its_own:
            continue
        value = exp.column("value", table=column.table or None)
        if column.name == "value":
            column.replace(_call("json_extract_string", value, exp.Literal.string("$")))
        elif column.name == "type":
            column.replace(_call("sqlite_type", column.copy(), value))


def _branches(case):
    if isinstance(case, exp.If):
        return [case.args.get("true"), case.args.get("false")]
    return [branch.args.get("true") for branch in case.args["ifs"]] + [case.args.get("default")]


def _numbers(integers):
    def is_integer(node):
        return isinstance(node, exp.Column) and (node.name in integers or node.name.endswith("call_id"))

    def change(case):
        branches = [branch for branch in _branches(case) if branch is not None]
        if any(is_integer(branch) for branch in branches):
            for branch in branches:
                if isinstance(branch, (exp.JSONExtract, exp.JSONExtractScalar)):
                    branch.replace(exp.TryCast(this=branch.copy(), to=exp.DataType.build("bigint")))

    def rule(tree):
        for case in tree.find_all(exp.Case, exp.If):
            change(case)
        return tree
    return rule


def _is_aggregate(node):
    window = isinstance(node.parent, exp.Window) or (
        isinstance(node.parent, exp.Filter) and isinstance(node.parent.parent, exp.Window))
    return not window and (isinstance(node, AGGREGATES) or _name(node) in ("any_ok", "all_ok"))


def _own(node, select):
    return node.find_ancestor(exp.Select) is select


def _inside_aggregate(column, select):
    node = column.parent
    while node is not None and node is not select:
        if _is_aggregate(node):
            return True
        node = node.parent
    return False


def _bare_columns(tree):
    for select in tree.find_all(exp.Select):
        group = select.args.get("group")
        if group is None:
            continue
        keys = {key.sql() for key in group.expressions}
        names = {key.name for key in group.expressions if isinstance(key, exp.Column)}
        for chosen in select.expressions:
            for column in list(chosen.find_all(exp.Column)):
                grouped = column.sql() in keys or (not column.table and column.name in names)
                if grouped or not _own(column, select) or _inside_aggregate(column, select):
                    continue
                first = _call("first", column.copy())
                column.replace(exp.alias_(first, column.name) if column is chosen else first)
    return tree


def _is_condition(node):
    """Whether only the truth of the node counts."""
    parent = node.parent
    while isinstance(parent, exp.Paren):
        node, parent = parent, parent.parent
    if isinstance(parent, exp.If):
        case = parent.parent
        return parent.this is node and not (isinstance(case, exp.Case) and case.this is not None)
    return isinstance(parent, LOGIC) and not (isinstance(parent, exp.Filter)
                                              and parent.this is node)


def _only_truth_counts(node):
    while isinstance(node.parent, (exp.Paren, exp.And, exp.Or)):
        node = node.parent
    return _is_condition(node) and not isinstance(node.parent, exp.Not)


def _rows_in(tree):
    def change(node):
        rows = node.args.get("query")
        if rows is None or not isinstance(node.this, exp.Tuple) or not _only_truth_counts(node):
            return None
        names = [f"in_{number}" for number, _ in enumerate(node.this.expressions)]
        table = exp.Subquery(this=rows.unnest().copy(), alias=exp.TableAlias(
            this=exp.to_identifier("looked_up"), columns=[exp.to_identifier(name) for name in names]))
        equal = [exp.EQ(this=exp.column(name, table="looked_up"), expression=value.copy())
                 for name, value in zip(names, node.this.expressions)]
        return exp.Exists(this=exp.select("1").from_(table).where(*equal))
    return _rewrite(tree, (exp.In,), change)


def _truth(tree):
    kinds = (exp.Predicate, exp.Connector, exp.Not, exp.NullSafeEQ, exp.NullSafeNEQ)

    def change(node):
        if isinstance(node, exp.SubqueryPredicate) or _is_condition(node):
            return None
        return exp.cast(node.copy(), "int")
    return _rewrite(tree, kinds, change)


def _aggregates(tree):
    """any_ok(x) filter (where c) → case when max(x) filter (where c) = 1 then 1 when …"""
    def filtered(call, node):
        parent = node.parent
        if not isinstance(parent, exp.Filter):
            return call
        return exp.Filter(this=call, expression=parent.expression.copy())

    def change(node):
        def of(name):
            argument = exp.Star() if name == "count(*)" else node.expressions[0].copy() \
                if isinstance(node, exp.Anonymous) else node.this.copy()
            return filtered(_call(name.removesuffix("(*)"), argument), node).sql("duckdb")
        if isinstance(node, exp.JSONArrayAgg):
            made = f"coalesce(cast(to_json({of('list')}) as text), '[]')"
        elif _name(node) in ("any_ok", "all_ok"):
            decisive, worst, value = ("max", 0, 1) if _name(node) == "any_ok" else ("min", 1, 0)
            made = (f"case when {of(decisive)} = {value} then {value} "
                    f"when {of('count(*)')} > {of('count')} then null else {worst} end")
        else:
            return
        target = node.parent if isinstance(node.parent, exp.Filter) else node
        target.replace(exp.Paren(this=sqlglot.parse_one(made, dialect="duckdb")))

    for node in reversed(list(tree.find_all(exp.Anonymous, exp.JSONArrayAgg))):
        change(node)
    return tree
