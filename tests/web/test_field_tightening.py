"""What goes over the line in fewer bytes still says the same, to the letter where a letter counts."""

import pytest

from lending.web.field.tightening import page, script, style


@pytest.mark.parametrize(
    ("long", "short"),
    [
        ("const a = 1;  // why\nlet b;\n", "const a=1;let b;\n"),
        ("/* so\n so */ f( a, b );", "f(a,b);"),
        ("say(\"a  b // c\", '/* d */');", "say(\"a  b // c\",'/* d */');"),
        ('say(`a  ${ b ? `c  ${ d }` : "}" }  e`);', 'say(`a  ${b?`c  ${d}`:"}"}  e`);'),
        ("x = a / b / c;", "x=a/b/c;"),
        ('t.replace(/\\/ [/"] +/g, "");', 't.replace(/\\/ [/"] +/g,"");'),
        ("return /a  b/.test(c);", "return/a  b/.test(c);"),
        ("a + +b - -c;\nd++;", "a+ +b- -c;d++;"),
        ("const f = async (x) => ({ y: x });", "const f=async(x)=>({y:x});"),
        ("if (a) {\n  b();\n} else {\n  c();\n}\nd();", "if(a){b();}else{c();}\nd();"),
        ("a()\nb()\n", "a()\nb()\n"),
        ("f(a,\n  b)\n  .then(c);", "f(a,b).then(c);"),
        ("for (const each of list) if (each in here) typeof each;", "for(const each of list)if(each in here)typeof each;"),
    ],
)
def test_a_script_keeps_what_stands_between_quotes_and_the_ends_of_its_lines(long: str, short: str):
    assert script(long) == short


def test_a_style_keeps_the_spaces_that_mean_something():
    long = """/* why */
.a :hover, .b > .c::before {
  width: calc(100% - 2px);
  content: "x: y";
  margin: 0 auto !important;
}
@media (width >= 900px) { .a { top: 0; } }
"""
    short = '.a :hover,.b > .c::before{width:calc(100% - 2px);content:"x: y";margin:0 auto !important}@media (width >= 900px){.a{top:0}}'
    assert style(long) == short


def test_a_page_keeps_a_space_where_words_stand_apart():
    assert page("<!-- why -->\n<p>\n   <b>a</b>\n   <i>b</i> c\n</p>\n") == "<p>\n<b>a</b>\n<i>b</i> c\n</p>"
