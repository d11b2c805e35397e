"""Small changes of a module's source that change a value, found in its syntax tree."""

import ast
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

OTHER_COMPARISON = {
    ast.Lt: ["<=", ">"],
    ast.LtE: ["<", ">="],
    ast.Gt: [">=", "<"],
    ast.GtE: [">", "<="],
    ast.Eq: ["!="],
    ast.NotEq: ["=="],
    ast.Is: ["is not"],
    ast.IsNot: ["is"],
    ast.In: ["not in"],
    ast.NotIn: ["in"],
}
OTHER_OPERATOR = {
    ast.Add: "-",
    ast.Sub: "+",
    ast.Mult: "/",
    ast.Div: "*",
    ast.FloorDiv: "*",
    ast.Pow: "*",
    ast.Mod: "+",
    ast.BitAnd: "|",
    ast.BitOr: "&",
}
#: Names that stand for the two sides of one thing: each is exchanged for the other.
SIDES = [
    ("sources", "targets"),
    ("source", "target"),
    ("min", "max"),
    ("minimum", "maximum"),
    ("argmin", "argmax"),
    ("any", "all"),
    ("ones", "zeros"),
    ("rows", "columns"),
    ("indices", "indptr"),
    ("gain", "reciprocal_gain"),
]
OTHER_NAME = {one: other for pair in SIDES for one, other in (pair, pair[::-1])}
#: Functions of one value, which are left out.
TRANSFORMS = {"sqrt", "log", "log1p", "exp", "expm1", "abs", "square", "cumsum"}
#: Arguments that change how a value is computed, not which.
NO_VALUE = {"strict", "copy", "dtype", "order", "kind", "stacklevel", "maxsize"}


@dataclass(frozen=True)
class Mutant:
    """A module with one place of its source replaced."""

    path: Path
    start: int
    end: int
    line: int
    replacement: str

    def before(self, text: bytes) -> str:
        return text[self.start : self.end].decode()

    def source(self) -> bytes:
        text = self.path.read_bytes()
        return text[: self.start] + self.replacement.encode() + text[self.end :]

    def change(self) -> tuple[str, str]:
        """The line before and after, or as many lines as are changed."""
        text, mutated = self.path.read_bytes(), self.source()
        first = text.rfind(b"\n", 0, self.start) + 1
        after = self.start + len(self.replacement.encode())
        return (
            " ".join(text[first : _end_of_line(text, self.end)].decode().split()),
            " ".join(mutated[first : _end_of_line(mutated, after)].decode().split()),
        )


def _end_of_line(text: bytes, place: int) -> int:
    end = text.find(b"\n", place)
    return len(text) if end < 0 else end


def mutants(path: Path) -> list[Mutant]:
    """All mutants of a module, in the order of its source.

    Left out is what changes no value: annotations, decorators, docstrings, f-strings, what is
    raised, `__repr__`, and arguments such as `dtype` or `copy`.
    """
    finder = _Finder(path)
    finder.visit(ast.parse(finder.text))
    found = [m for m in dict.fromkeys(finder.found) if m.replacement != m.before(finder.text)]
    return sorted(found, key=lambda m: (m.start, m.end, m.replacement))


class _Finder(ast.NodeVisitor):
    def __init__(self, path: Path) -> None:
        self.path = path
        self.text = path.read_bytes()
        self.line_starts = [0]
        for line in self.text.splitlines(keepends=True):
            self.line_starts.append(self.line_starts[-1] + len(line))
        self.found: list[Mutant] = []

    def span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        start = self.line_starts[node.lineno - 1] + node.col_offset
        return start, self.line_starts[node.end_lineno - 1] + node.end_col_offset

    def code(self, node: ast.expr) -> str:
        start, end = self.span(node)
        return self.text[start:end].decode()

    def replace(self, node: ast.expr | ast.stmt, replacement: str) -> None:
        start, end = self.span(node)
        line = self.text.count(b"\n", 0, start) + 1
        self.found.append(Mutant(self.path, start, end, line, replacement))

    def between(self, left: ast.expr, right: ast.expr, operator: str) -> None:
        """Replace the operator between two parts of an expression."""
        start, end = self.span(left)[1], self.span(right)[0]
        parts = self.text[start:end].decode()
        symbols = [s for s in parts.replace("(", " ").replace(")", " ").split() if s]
        changed = parts.replace(" ".join(symbols), operator, 1)
        line = self.text.count(b"\n", 0, start) + 1
        self.found.append(Mutant(self.path, start, end, line, changed))

    # What changes no value

    def visit_Raise(self, node: ast.Raise) -> None:
        pass

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        pass

    def visit_Assert(self, node: ast.Assert) -> None:
        pass

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.visit(node.value)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        if node.name != "__repr__":
            for value in (*node.args.defaults, *filter(None, node.args.kw_defaults), *node.body):
                self.visit(value)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        for statement in node.body:
            self.visit(statement)

    def visit_keyword(self, node: ast.keyword) -> None:
        if node.arg not in NO_VALUE:
            self.generic_visit(node)

    # What is mutated

    def visit_Constant(self, node: ast.Constant) -> None:
        match node.value:
            case bool():
                self.replace(node, str(not node.value))
            case int():
                self.replace(node, str(node.value + 1))
                if node.value > 0:
                    self.replace(node, str(node.value - 1))
            case float():
                self.replace(node, repr(node.value * 2 if node.value else 1.0))

    def visit_Compare(self, node: ast.Compare) -> None:
        parts = [node.left, *node.comparators]
        for (left, right), operator in zip(pairwise(parts), node.ops, strict=True):
            for other in OTHER_COMPARISON[type(operator)]:
                self.between(left, right, other)
        self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        if any(isinstance(side, ast.JoinedStr) for side in (node.left, node.right)):
            return
        if type(node.op) in OTHER_OPERATOR:
            self.between(node.left, node.right, OTHER_OPERATOR[type(node.op)])
            self.replace(node, self.code(node.left))
            if isinstance(node.op, ast.Add | ast.Mult | ast.BitAnd | ast.BitOr):
                self.replace(node, self.code(node.right))
        self.generic_visit(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        self.replace(node, self.code(node.operand))
        self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        other = "or" if isinstance(node.op, ast.And) else "and"
        for left, right in pairwise(node.values):
            self.between(left, right, other)
        self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        if type(node.op) in OTHER_OPERATOR:
            other = OTHER_OPERATOR[type(node.op)]
            target, value = self.code(node.target), self.code(node.value)  # type: ignore[arg-type]
            self.replace(node, f"{target} {other}= {value}")
            self.replace(node, "pass")
        self.generic_visit(node)

    def visit_If(self, node: ast.If) -> None:
        self.replace(node.test, f"not ({self.code(node.test)})")
        self.generic_visit(node)

    def visit_IfExp(self, node: ast.IfExp) -> None:
        self.replace(node, self.code(node.body))
        self.replace(node, self.code(node.orelse))
        self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> None:
        if node.id in OTHER_NAME and isinstance(node.ctx, ast.Load):
            self.replace(node, OTHER_NAME[node.id])

    def visit_Attribute(self, node: ast.Attribute) -> None:
        if node.attr in OTHER_NAME and isinstance(node.ctx, ast.Load):
            self.replace(node, f"{self.code(node.value)}.{OTHER_NAME[node.attr]}")
        if node.attr == "T":
            self.replace(node, self.code(node.value))
        self.generic_visit(node)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        if isinstance(node.slice, ast.Slice) and isinstance(node.slice.upper, ast.Name):
            self.replace(node.slice.upper, f"{node.slice.upper.id} - 1")
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        if name in TRANSFORMS and len(node.args) == 1:
            self.replace(node, f"({self.code(node.args[0])})")
        self._swap_arguments(node)
        self.generic_visit(node)

    def _swap_arguments(self, node: ast.Call) -> None:
        for one, other in pairwise(node.args):
            names = isinstance(one, ast.Name | ast.Attribute) and isinstance(other, type(one))
            if names and self.code(one) != "self":
                start, end = self.span(one)[0], self.span(other)[1]
                middle = self.text[self.span(one)[1] : self.span(other)[0]].decode()
                swapped = self.code(other) + middle + self.code(one)
                self.found.append(Mutant(self.path, start, end, one.lineno, swapped))

    def visit_Assign(self, node: ast.Assign) -> None:
        if any(isinstance(target, ast.Subscript) for target in node.targets):
            self.replace(node.value, f"0 * ({self.code(node.value)})")
        self.generic_visit(node)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self.replace(node.body, f"0 * ({self.code(node.body)})")
        self.generic_visit(node)
