"""Short names for long ones, and never for what somebody else knows by its name."""

import pytest

from lending.web.field.shortening import UnknownName, shortened
from lending.web.field.tightening import joined, tokens


def short(text: str) -> str:
    return joined(shortened(list(tokens(text))))


@pytest.mark.parametrize(
    ("long", "wanted"),
    [
        ("const here = 1; let there = here;", "const a=1;let b=a;"),
        ("const name = thing => thing.name;", "const b=a=>a.name;"),
        (
            "function put(kind, { uuid, state: now }) { return { uuid, kind: kind, now }; }",
            "function d(a,{uuid:b,state:c}){return{uuid:b,kind:a,now:c};}",
        ),
        ("const { left, right: other = left } = document;", "const{left:a,right:b=a}=document;"),
        ("const f = (...all) => Math.max(...all);", "const b=(...a)=>Math.max(...a);"),
        ("const x = { put() { return 1; }, async get(at) { return at; } };", "const b={put(){return 1;},async get(a){return a;}};"),
        ("const s = `a ${ s } b`;", "const a=`a ${a} b`;"),
        ("const a1 = null; a1?.a1.a1; const c = a1 ? a1 : a1;", "const a=null;a?.a1.a1;const b=a?a:a;"),
        ("for (const [key, value] of Object.entries(location)) key(value);", "for(const[a,b]of Object.entries(location))a(b);"),
        ("try { fetch(); } catch (why) { throw why; }", "try{fetch();}catch(a){throw a;}"),
        ("class Gone extends Error {} throw new Gone();", "class a extends Error{}throw new a();"),
        ("const at = $other.at;", "const a=$other.at;"),
        ("const word = /word/g; word.test('word');", "const a=/word/g;a.test('word');"),
    ],
)
def test_a_modules_own_names_become_short_and_nothing_else_does(long: str, wanted: str):
    assert short(long) == wanted


def test_what_hides_another_still_hides_it():
    assert short("const one = 1; function f(one) { return one; } f(one);") == "const a=1;function b(a){return a;}b(a);"


def test_a_name_that_nobody_gave_is_told():
    with pytest.raises(UnknownName, match="docment"):
        short("docment.title = 1;")
