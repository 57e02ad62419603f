#!/usr/bin/env python3
"""Writes terraform_arguments.json: the arguments of the resources of hashicorp/aws that the shipped modules and recipes use.

    npm pack @cdktf/provider-aws@16.0.0 @cdktf/provider-aws@21.22.1, unpacked, each in a folder:
    make_terraform_arguments.py FOLDER... > terraform_arguments.json

The packages are bindings made of the provider's own schema; they are too large (390 MB) to be asked in each run. In the file a name
with "!" is required, and an object is a block.
"""

import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).parents[2]
INTERFACE = re.compile(r"^export interface (\w+)( extends cdktf.TerraformMetaArguments)? \{\n(.*?)^\}", re.S | re.M)
MEMBER = re.compile(r"#(\w+) \w+#\w+\}.*?readonly \w+(\??): ([^;]+);", re.S)


def used():
    """Types of resources, also those of recipes in YAML."""
    files = [path for path in (ROOT / "checks").rglob("*") if path.suffix in (".tf", ".yaml")]
    return sorted({name for file in files for name in re.findall(r'resource "(aws_\w+)"', file.read_text())})


def arguments(interfaces, name, within=()):
    found = {}
    for member, optional, kind in MEMBER.findall(interfaces[name]):
        block = re.match(r"\w*", kind).group()
        nested = block in interfaces and block not in within
        found[member + ("" if optional else "!")] = arguments(interfaces, block, (*within, block)) if nested else None
    return found


def main():
    tables = {}
    for folder in map(pathlib.Path, sys.argv[1:]):
        version = json.loads((folder / "package.json").read_text())["cdktf"]["provider"]["version"]
        table = tables[version] = {}
        for kind in used():
            file = folder / "lib" / kind.removeprefix("aws_").replace("_", "-") / "index.d.ts"
            if file.exists():
                found = INTERFACE.findall(file.read_text())
                root, = [name for name, is_root, _ in found if is_root]
                table[kind] = arguments({name: body for name, _, body in found}, root)
    print(json.dumps(tables, indent=0, sort_keys=True))


if __name__ == "__main__":
    main()
