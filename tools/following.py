"""Follows texts through the code: which sentences an expression may be, with gaps for what is filled in.

An f-string is read with what is assigned to its names, given to its function, returned by its helpers and
held in its tables, as far as that is written in the code; the rest is a gap. Nothing is run.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import product
from math import prod
from string import Formatter

_MOST = 8
"""So many ways to say a sentence are each one of their own; of more, the part that differs is a gap."""

_DEEP = 12
SAID = frozenset(
    ("message", "remedy", "reason", "told", "detail", "evidence", "problem", "how", "why", "title")
)
"""What holds sentences is called so, in whatever record."""

_TEXTS = SAID | {"strerror", "error", "task", "space", "kind", "what", "script", "language"}
_WORDS = re.compile(r"[A-Za-z]+([ -][\w-]+)*[.?]?")
_PASSED = frozenset(("rstrip", "strip", "lstrip"))
_GLUES = {" ": "text", "; ": "text", " and ": "text", " or ": "or"}


@dataclass(frozen=True, slots=True)
class Gap:
    """What is filled in; `kind` is "", "number", "or" for a choice of names, or "text" for what may be a
    sentence itself."""

    name: str
    kind: str = ""


Shape = tuple[str | Gap, ...]
"""A text as it is written: what stands in it, and what is filled in."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Where an expression stands: its module, the functions around it, and what the inner one is given."""

    module: str
    functions: tuple[ast.FunctionDef, ...] = ()
    given: Mapping[str, Sequence[Shape]] = field(default_factory=dict)
    depth: int = 0


class Program:
    """The code of some modules by name; `sources` has their files, as `search/errors.py`."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        self.functions: dict[str, list[tuple[ast.FunctionDef, Scope]]] = {}
        self.calls: dict[str, list[tuple[ast.Call, Scope]]] = {}
        self.classes: dict[str, ast.ClassDef] = {}
        self._imports: dict[tuple[str, str], str] = {}
        self._makes: dict[int, str] = {}
        self._kept: dict[tuple[str, str], list[tuple[ast.expr, Scope]]] = {}
        self._trees = {place: ast.parse(source) for place, source in sources.items()}
        for place, tree in self._trees.items():
            self._learn(tree, Scope(place))

    def _learn(self, node: ast.AST, scope: Scope) -> None:
        for child in ast.iter_child_nodes(node):
            inner = scope
            match child:
                case ast.FunctionDef(name):
                    inner = replace(scope, functions=(*scope.functions, child))
                    self.functions.setdefault(name, []).append((child, inner))
                case ast.ClassDef(name, body=body):
                    self.classes[name] = child
                    self._makes |= {id(one): name for one in body if name_of_function(one) == "__init__"}
                case ast.ImportFrom(module=str(source), names=names):
                    place = f"{source.replace('.', '/')}.py"
                    self._imports |= {(scope.module, one.name): place for one in names}
                case ast.Assign([ast.Attribute(ast.Name("self"), name)], value):
                    self._kept.setdefault((scope.module, name), []).append((value, scope))
                case ast.Call(func):
                    self.calls.setdefault(name_of(func), []).append((child, scope))
            self._learn(child, inner)

    def meant(self, func: ast.expr, module: str) -> list[tuple[ast.FunctionDef, Scope]]:
        """Return the functions that are called: those of the module, one that it imports, the only one."""
        name = name_of(func)
        found = self.functions.get(name, [])
        if here := [one for one in found if one[1].module == module]:
            return here
        source = self._imported(name, module) if isinstance(func, ast.Name) else None
        return [one for one in found if one[1].module == source or (source is None and len(found) == 1)]

    def calls_of(self, function: ast.FunctionDef, module: str) -> Iterator[tuple[ast.Call, Scope]]:
        """Return the calls of a function; `module` is where it stands."""
        name = self._makes.get(id(function), function.name)
        for call, scope in self.calls.get(name, ()):
            is_method = isinstance(call.func, ast.Attribute) and not name.startswith("_")
            if is_method or module in (scope.module, self._imported(name, scope.module)):
                yield call, scope

    def kept(self, name: str, module: str) -> list[tuple[ast.expr, Scope]]:
        """Return what objects of a module are given to keep under a name."""
        return self._kept.get((module, name), [])

    def values(self, name: str, module: str) -> Iterator[tuple[ast.expr, Scope]]:
        """Return what a name of a module stands for, there or where it comes from."""
        for node in self._trees[module].body:
            if isinstance(node, ast.Assign | ast.AnnAssign) and node.value and name in _targets(node):
                yield node.value, Scope(module)
        if source := self._imported(name, module):
            yield from self.values(name, source)

    def constants(self, name: str) -> Iterator[tuple[ast.expr, Scope]]:
        """Return what a name stands for in whatever module."""
        for module, tree in self._trees.items():
            if any(
                isinstance(one, ast.Assign | ast.AnnAssign) and name in _targets(one) for one in tree.body
            ):
                yield from self.values(name, module)

    def _imported(self, name: str, module: str) -> str | None:
        place = self._imports.get((module, name))
        return place if place in self._trees else None


class Reader:
    """Reads the texts that expressions may be; `pieces` are those that fill the gaps of others."""

    def __init__(self, program: Program, passed_over: Sequence[str] = ()) -> None:
        self._program = program
        self._passed_over = tuple(passed_over)
        self.pieces: dict[str, str] = {}
        self._known: dict[int, list[Shape]] = {}

    def texts(self, node: ast.expr, scope: Scope) -> list[Shape]:
        """Return every text that an expression may be."""
        if scope.depth > _DEEP:
            return [(gap_for(node),)]
        inner = replace(scope, depth=scope.depth + 1)
        if scope.given:
            return self._read(node, inner)
        if id(node) not in self._known:
            self._known[id(node)] = [(gap_for(node),)]  # where it is made of itself
            self._known[id(node)] = self._read(node, inner)
        return self._known[id(node)]

    def _read(self, node: ast.expr, scope: Scope) -> list[Shape]:
        match node:
            case ast.Constant(str(text)):
                return [(text,)] if text else [()]
            case ast.Constant():
                return []
            case ast.JoinedStr(values):
                return self._sequence(values, scope)
            case ast.FormattedValue(value, -1, None):
                return self.texts(value, scope)
            case ast.FormattedValue(value, _, spec):
                return [(Gap(gap_for(value).name, "number" if spec else ""),)]
            case ast.BinOp(left, ast.Add(), right):
                return self._sequence([left, right], scope)
            case ast.IfExp(_, body, otherwise):
                return self._any([body, otherwise], scope)
            case ast.BoolOp(_, values):
                return self._any(values, scope)
            case ast.NamedExpr(_, value):
                return self.texts(value, scope)
            case ast.Name():
                found = self._named(node, scope)
                return [_renamed(shape, node) for shape in found] or [(gap_for(node),)]
            case ast.Subscript(value):
                return self._held(value, scope) or [(gap_for(node),)]
            case ast.Call():
                return self._called(node, scope) or [(gap_for(node),)]
            case ast.Attribute(ast.Name("self"), name):
                kept = self._program.kept(name, scope.module)
                found = [one for value, place in kept for one in self.texts(value, place)]
                return _distinct(found) if found and all(map(is_words, found)) else [(gap_for(node),)]
        return [(gap_for(node),)]

    def _any(self, nodes: Iterable[ast.expr], scope: Scope) -> list[Shape]:
        return _distinct(shape for node in nodes for shape in self.texts(node, scope))

    def _sequence(self, nodes: Sequence[ast.expr], scope: Scope) -> list[Shape]:
        choices: list[list[Shape]] = []
        for node in nodes:
            found = self.texts(node, scope) or [()]
            are_names = len(found) > 1 and not any(map(is_phrase, found)) and not all(map(is_words, found))
            if are_names or prod(map(len, choices)) * len(found) > _MOST:
                is_text = self.keep(found, scope) or any(map(_is_told_gap, found))
                found = [(Gap(gap_for(node).name, "text" if is_text else ""),)]
            choices.append(found)
        return _distinct(tuple(part for parts in some for part in parts) for some in product(*choices))

    def keep(self, shapes: Iterable[Shape], scope: Scope) -> bool:
        """Keep what may fill a gap; return whether there are texts among it."""
        every = list(shapes)
        phrases = every if all(map(is_words, every)) else [shape for shape in every if is_phrase(shape)]
        for shape in phrases:
            self.pieces.setdefault(written(shape), scope.module)
        return bool(phrases)

    def _named(self, node: ast.Name, scope: Scope) -> list[Shape]:
        for depth in range(len(scope.functions), 0, -1):
            function = scope.functions[depth - 1]
            inner = replace(scope, functions=scope.functions[:depth])
            if depth == len(scope.functions) and node.id in scope.given:
                return list(scope.given[node.id])
            if found := self._assigned(node, function, scope):
                return found
            if node.id in parameters(function):
                return self._from_callers(node, function, inner)
        values = self._program.values(node.id, scope.module)
        return _distinct(
            text
            for value, place in values
            if not isinstance(value, ast.Dict)
            for text in self.texts(value, replace(place, depth=scope.depth))
        )

    def _assigned(self, node: ast.Name, function: ast.FunctionDef, scope: Scope) -> list[Shape]:
        found: list[Shape] = []
        for one in _walked(function):
            match one:
                case ast.For(target) | ast.comprehension(target) if node.id in _names_in(target):
                    return [(gap_for(node),)]
                case ast.AugAssign(ast.Name(node.id), ast.Add(), value):
                    added = self.texts(value, scope)
                    found += [(*before, *more) for before in found for more in added]
                case (
                    ast.Assign(_, value) | ast.AnnAssign(value=ast.expr() as value) | ast.NamedExpr(_, value)
                ):
                    for part in _given_to(node.id, one, value):
                        if node.id not in _names_in(part):
                            found += self.texts(part, scope)
        return _distinct(found)

    def _from_callers(self, node: ast.Name, function: ast.FunctionDef, scope: Scope) -> list[Shape]:
        found: list[Shape] = []
        for call, place in self._program.calls_of(function, scope.module):
            given = _arguments(function, call).get(node.id)
            if given is not None:
                found += self.texts(given, replace(place, depth=scope.depth))
        if found and all(map(is_words, found)):
            return _distinct(found)
        return _distinct(filter(is_phrase, found)) or [(gap_for(node),)]

    def _held(self, node: ast.expr, scope: Scope) -> list[Shape]:
        """Return the texts that a table holds."""
        found: list[Shape] = []
        for table, place in self._tables(node, scope):
            match table:
                case ast.Dict(values=values) | ast.Tuple(values) | ast.List(values):
                    for value in values:
                        found += self._held(value, place) or self.texts(value, place)
        return _distinct(found) if all(map(is_words, found)) else _distinct(filter(is_phrase, found))

    def _tables(self, node: ast.expr, scope: Scope) -> Iterator[tuple[ast.expr, Scope]]:
        if isinstance(node, ast.Attribute) and node.attr.isupper():
            yield from self._program.constants(node.attr)
            return
        if not isinstance(node, ast.Name):
            yield node, scope
            return
        yield from self._program.values(node.id, scope.module)
        for function in scope.functions:
            for one in _walked(function):
                if isinstance(one, ast.Assign | ast.AnnAssign) and one.value and node.id in _targets(one):
                    yield one.value, scope

    def _called(self, node: ast.Call, scope: Scope) -> list[Shape]:
        match node.func:
            case ast.Attribute(ast.Constant(glue), "join"):
                texts = [self._element(one, scope) for one in node.args]
                kind = _GLUES.get(str(glue), "")
                return [(Gap(gap_for(node).name, kind if any(texts) or kind == "or" else ""),)]
            case ast.Attribute(value, "format"):
                return [_with_gaps(shape, node.args) for shape in self.texts(value, scope)]
            case ast.Attribute(value, method) if method in _PASSED:
                return self.texts(value, scope)
            case ast.Attribute(value, "get") if found := self._held(value, scope):
                return _distinct([*found, *self._any(node.args[1:], scope)])
            case ast.Name("next") if node.args:
                return self.texts(node.args[0], scope)
        found = []
        for function, place in self._program.meant(node.func, scope.module):
            if not place.module.startswith(self._passed_over):
                given = {name: self.texts(value, scope) for name, value in _arguments(function, node).items()}
                found += self.returned(function, replace(place, given=given, depth=scope.depth))
        return _distinct(found) if any(map(is_phrase, found)) else []

    def returned(self, function: ast.FunctionDef, scope: Scope) -> list[Shape]:
        """Return the texts that a function gives."""
        given = [
            one.value for one in _walked(function) if isinstance(one, ast.Return | ast.Yield) and one.value
        ]
        return self._any(given, scope)

    def _element(self, node: ast.expr, scope: Scope) -> bool:
        """Keep the texts of a list that is joined to one; return whether there are any."""
        match node:
            case ast.GeneratorExp(element) | ast.ListComp(element):
                return self.keep(self.texts(element, scope), scope) or is_told(element)
            case ast.List(elements) | ast.Tuple(elements):
                return True in [self._element(one, scope) for one in elements]
            case ast.Call(func, elements) if name_of(func) in ("fromkeys", "filter", "sorted"):
                return True in [self._element(one, scope) for one in elements]
            case ast.Starred(value):
                return self._element(value, scope)
            case ast.Name() if tables := list(self._tables(node, scope)):
                found = [self._element(table, place) for table, place in tables if table is not node]
                return True in found
        return self.keep(self.texts(node, scope), scope)


def name_of(node: ast.expr) -> str:
    """Return the name by which a person would call what an expression is, "" for none."""
    match node:
        case ast.Name(name) | ast.Attribute(attr=name):
            return name
        case ast.Call(ast.Name("len")):
            return "n"
        case ast.Call(ast.Attribute(value, "join"), [ast.expr() as joined]):
            return name_of(joined) or name_of(value)
        case ast.Call(ast.Name("sorted" | "str" | "min" | "max" | "abs" | "repr"), [ast.expr() as inner, *_]):
            return name_of(inner)
        case ast.Call(ast.Attribute(value, "capitalize" | "lower" | "strip" | "rstrip" | "get")):
            return name_of(value)
        case ast.Call(func):
            return name_of(func)
        case ast.Subscript(value) | ast.FormattedValue(value):
            return name_of(value)
        case ast.BinOp(inner) | ast.BoolOp(values=[inner, *_]) | ast.UnaryOp(operand=inner):
            return name_of(inner)
        case ast.IfExp(body=inner):
            return name_of(inner)
        case ast.GeneratorExp(generators=[first, *_]) | ast.ListComp(generators=[first, *_]):
            return name_of(first.iter)
    return ""


def name_of_function(node: ast.AST) -> str:
    """Return the name of a function, "" for anything else."""
    return node.name if isinstance(node, ast.FunctionDef) else ""


def is_told(node: ast.expr) -> bool:
    """Whether what an expression is holds a sentence, by its name."""
    return name_of(node) in _TEXTS


def gap_for(node: ast.expr) -> Gap:
    """Return the gap that an expression fills."""
    return Gap(name_of(node).strip("_").lower() or "value", "text" if is_told(node) else "")


def is_phrase(shape: Shape) -> bool:
    """Whether a text has words and not just a name in it."""
    text = "".join(part if isinstance(part, str) else "{}" for part in shape)
    return re.search(r"[A-Za-z]{2}", text.replace("{}", "")) is not None and " " in text.strip()


def is_words(shape: Shape) -> bool:
    """Whether a text is whole and has only words, none of them a mere name."""
    if not shape:
        return True
    return len(shape) == 1 and isinstance(shape[0], str) and _WORDS.fullmatch(shape[0]) is not None


def _renamed(shape: Shape, node: ast.Name) -> Shape:
    """Call what nothing is known of after the variable that holds it."""
    if len(shape) == 1 and isinstance(shape[0], Gap):
        own = gap_for(node)
        return (Gap(own.name, own.kind or shape[0].kind),)
    return shape


def _is_told_gap(shape: Shape) -> bool:
    return len(shape) == 1 and isinstance(shape[0], Gap) and shape[0].kind == "text"


def _with_gaps(shape: Shape, values: Sequence[ast.expr]) -> Shape:
    """Return a text that is filled in by `str.format`."""
    if len(shape) != 1 or not isinstance(shape[0], str):
        return shape
    parts: list[str | Gap] = []
    named = iter([] if any(isinstance(one, ast.Starred) for one in values) else values)
    for text, name, _, _ in Formatter().parse(shape[0]):
        parts += [text] if text else []
        if name is not None:
            filling = next(named, None)
            parts.append(gap_for(filling) if filling is not None else Gap("value"))
    return tuple(parts)


def parameters(function: ast.FunctionDef) -> list[str]:
    """Return the names of what a function is given."""
    every = function.args
    names = [one.arg for one in (*every.posonlyargs, *every.args, *every.kwonlyargs)]
    return [name for name in names if name not in ("self", "cls")]


def _arguments(function: ast.FunctionDef, call: ast.Call) -> dict[str, ast.expr]:
    given = dict(zip(parameters(function), call.args, strict=False))
    return given | {one.arg: one.value for one in call.keywords if one.arg}


@cache
def _walked(function: ast.FunctionDef) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(function))


def _names_in(node: ast.expr) -> set[str]:
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}


def _targets(node: ast.Assign | ast.AnnAssign) -> set[str]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return {one.id for one in targets if isinstance(one, ast.Name)}


def _given_to(name: str, node: ast.AST, value: ast.expr) -> Iterator[ast.expr]:
    """Yield what an assignment gives to a name, also one of several."""
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", value)]
    for target in targets:
        match target, value:
            case ast.Name(found), _ if found == name:
                yield value
            case ast.Tuple(names), ast.Tuple(values):
                for one, part in zip(names, values, strict=False):
                    if isinstance(one, ast.Name) and one.id == name:
                        yield part
            case ast.Tuple(), ast.IfExp(body=body, orelse=otherwise):
                yield from _given_to(name, node, body)
                yield from _given_to(name, node, otherwise)


def _distinct(shapes: Iterable[Shape]) -> list[Shape]:
    return list(dict.fromkeys(shapes))


def written(shape: Shape) -> str:
    """Write a text with its gaps in braces, each under a name of its own: "{path} has {n:number} pages"."""
    names: dict[str, int] = {}
    parts = []
    for part in shape:
        if isinstance(part, str):
            parts.append(part.replace("{", "{{").replace("}", "}}"))
        else:
            names[part.name] = number = names.get(part.name, 0) + 1
            name = f"{part.name}{number if number > 1 else ''}"
            parts.append(f"{{{name}:{part.kind}}}" if part.kind else f"{{{name}}}")
    return "".join(parts)
