"""Route templates and the order in which functions are asked."""

import pytest

from local.host.routes import Route, RouteError, RouteTable, Template


def _parameters(template: str, path: str) -> dict[str, str] | None:
    return Template.parse(template).match(path.split("/") if path else [])


@pytest.mark.parametrize(
    ("template", "path", "expected"),
    [
        ("api/cases", "API/Cases", {}),
        ("api/cases", "api/cases/1", None),
        ("api/cases/{id}", "api/cases", None),
        ("api/cases/{id}", "api/cases/X", {"id": "X"}),
        ("api/cases/{id?}", "api/cases", {}),
        ("api/cases/{id?}", "api/cases/1", {"id": "1"}),
        ("api/{*rest}", "api", {}),
        ("api/{*rest}", "api/a/b", {"rest": "a/b"}),
        ("api/{**rest}", "api/a/b", {"rest": "a/b"}),
        ("{a}/{b}", "x//", None),
        ("{id:int}", "-12", {"id": "-12"}),
        ("{id:int}", "2147483648", None),
        ("{id:long}", "2147483648", {"id": "2147483648"}),
        ("{id:int}", "1x", None),
        ("{id:bool}", "True", {"id": "True"}),
        ("{id:alpha}", "ab1", None),
        ("{id:guid}", "8F2F2F4E-0000-4000-8000-000000000001", {}),
        ("{id:guid}", "8f2f2f4e000040008000000000000001", {}),
        ("{id:guid}", "8f2f2f4e-0000", None),
        ("{id:int:min(5)}", "4", None),
        ("{id:max(5)}", "5", {}),
        ("{id:range(1,5)}", "6", None),
        ("{id:length(3)}", "abc", {}),
        ("{id:length(1,2)}", "abc", None),
        ("{id:minlength(2)}", "a", None),
        ("{id:maxlength(2)}", "ab", {}),
        ("{id:int?}", "", {}),
    ],
)
def test_template_matches(template: str, path: str, expected: dict[str, str] | None) -> None:
    """Literals in any case, parameters as they stand, constraints, optional and catch-all ends."""
    found = _parameters(template, path)
    assert (found is None) == (expected is None)
    if expected:
        assert found == expected


@pytest.mark.parametrize(
    "template",
    ["{a}/{a}", "{a?}/b", "{*a}/b", "x{a}", "{a}.{b}", "{a:regex(x)}", "{a:uuid}", "{a=1}", "{a"],
)
def test_template_beyond_this_host_is_refused(template: str) -> None:
    """What can't be served as Azure would serve it is refused when the app is indexed."""
    with pytest.raises(RouteError):
        Template.parse(template)


def test_first_function_name_wins() -> None:
    """Of two routes that match, the one of the first function by name answers, as in Azure."""
    literal = Template.parse("items/newest")
    parameter = Template.parse("items/{id}")
    any_method: frozenset[str] = frozenset()
    table = RouteTable([Route("b", literal, any_method), Route("A", parameter, any_method)])
    assert table.find("GET", "/items/newest") == ("A", {"id": "newest"})


def test_methods_tell_functions_of_one_path_apart() -> None:
    """Two functions share a path by their methods; a method of neither finds nothing."""
    path = Template.parse("items")
    table = RouteTable([Route("r", path, frozenset({"GET"})), Route("w", path, frozenset({"PUT"}))])
    assert table.find("PUT", "/items/") == ("w", {})
    assert table.find("POST", "/items") is None


def test_reserved_paths_are_never_functions() -> None:
    """`/admin` and `/runtime` belong to the host, whatever a route says."""
    table = RouteTable([Route("all", Template.parse("{*rest}"), frozenset())])
    assert table.find("GET", "/Admin/host") is None
    assert table.find("GET", "/runtime") is None
    assert table.find("GET", "/adminx") is not None
