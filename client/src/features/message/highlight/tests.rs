use super::*;

/// Code with a letter for each kind.
fn shown(code: &str, language: &str) -> String {
    let mut shown = String::new();
    let mut at = 0;
    for (range, kind) in tokens(code, language) {
        let letter = match kind {
            Kind::Comment => 'C',
            Kind::String => 'S',
            Kind::Number => 'N',
            Kind::Keyword => 'K',
            Kind::Type => 'T',
            Kind::Function => 'F',
            Kind::Name => 'A',
            Kind::Inserted => '+',
            Kind::Deleted => '-',
        };
        shown.push_str(&code[at..range.start]);
        shown.push(letter);
        shown.push('«');
        shown.push_str(&code[range.clone()]);
        shown.push('»');
        at = range.end;
    }
    shown.push_str(&code[at..]);
    shown
}

fn check(language: &str, cases: &[(&str, &str)]) {
    for (code, expected) in cases {
        assert_eq!(shown(code, language), *expected, "{language}: {code}");
    }
}

#[test]
fn rust_is_read_with_its_lifetimes_and_raw_strings() {
    check(
        "rust",
        &[
            ("//! 日本語\nuse std::fmt;", "C«//! 日本語»\nK«use» std::fmt;"),
            ("/* a /* b */ まだ */ x", "C«/* a /* b */ まだ */» x"),
            ("#[derive(Debug)]", "#[A«derive»(T«Debug»)]"),
            ("impl<'a> P<'a, T> {}", "K«impl»<A«'a»> T«P»<A«'a», T«T»> {}"),
            ("('\"', '\\'', 'あ', b'\\n')", "(S«'\"'», S«'\\''», S«'あ'», S«b'\\n'»)"),
            ("&'static str, 'x: loop", "&A«'static» K«str», A«'x»: K«loop»"),
            ("r#\"a \"b\" \\\"# + r\"C:\\\"", "S«r#\"a \"b\" \\\"#» + S«r\"C:\\\"»"),
            ("\"値は\n{}\\\"\"", "S«\"値は\n{}\\\"\"»"),
            ("println!(\"a\"); a != b", "F«println»!(S«\"a\"»); a != b"),
            (
                "x1 + 0x1F + 1_000.5e-3 + 0..10 + t.0.1",
                "x1 + N«0x1F» + N«1_000.5e-3» + N«0»..N«10» + t.N«0.1»",
            ),
            ("f(x)?.await; x.match", "F«f»(x)?.K«await»; x.match"),
            ("fn 関数(値: u8)", "K«fn» F«関数»(値: K«u8»)"),
        ],
    );
}

#[test]
fn templates_contain_code() {
    check(
        "ts",
        &[
            ("import { a } from \"b\"; // 値", "K«import» { a } K«from» S«\"b\"»; C«// 値»"),
            ("`a ${f(`${b}`)} {c}`", "S«`a ${»F«f»(S«`${»bS«}`»)S«} {c}`»"),
            ("`${{ a: 1 }}` x", "S«`${»{ a: N«1» }S«}`» x"),
            ("/['\"]\\/+/.test(x) && a / b / c", "S«/['\"]\\/+/».F«test»(x) && a / b / c"),
            ("$el.default; @Input() x: string", "$el.default; A«@Input»() x: K«string»"),
            ("<p>don't</p>\nreturn", "<p>donS«'t</p>»\nK«return»"),
        ],
    );
    check("kotlin", &[("\"a ${m[\"x\"]} b\"", "S«\"a ${»m[S«\"x\"»]S«} b\"»")]);
    check("swift", &[("\"a \\(f(\"b\")) c\"", "S«\"a \\(»F«f»(S«\"b\"»)S«) c\"»")]);
    check("ruby", &[("\"#{h[\"x\"]}\" # 値", "S«\"#{»h[S«\"x\"»]S«}\"» C«# 値»")]);
}

#[test]
fn other_languages_have_their_own_comments_and_strings() {
    check(
        "py",
        &[
            ("@cache\ndef f(x: int) -> Foo:", "A«@cache»\nK«def» F«f»(x: int) -> T«Foo»:"),
            ("\"\"\"文書\n'x\"\"\" # it's", "S«\"\"\"文書\n'x\"\"\"» C«# it's»"),
            ("f\"{x}\" + rb'\\'' + x#c", "S«f\"{x}\"» + S«rb'\\''» + xC«#c»"),
            ("\u{a0}\u{3000}return None", "\u{a0}\u{3000}K«return» K«None»"),
            ("'not closed\nif x", "S«'not closed»\nK«if» x"),
        ],
    );
    check(
        "cpp",
        &[
            ("#include <stdio.h>", "K«#include» S«<stdio.h>»"),
            ("uint32_t n = 1'000u; a < b;", "K«uint32_t» n = N«1'000u»; a < b;"),
            ("R\"(raw \"x\")\" '\\''", "S«R\"(raw \"x\")\"» S«'\\''»"),
        ],
    );
    check("C#", &[("@\"C:\\\" + $\"{a} b\"", "S«@\"C:\\\"» + S«$\"{»aS«} b\"»")]);
    check("java", &[("@Override public int f()", "A«@Override» K«public» K«int» F«f»()")]);
    check("go", &[("x := `\\` + 'a' // 値", "x := S«`\\`» + S«'a'» C«// 値»")]);
    check("php", &[("$a = 'x'; # c", "A«$a» = S«'x'»; C«# c»")]);
    check(
        "sql",
        &[(
            "SELECT count(*) From t WHERE a = 'it''s' -- 値",
            "K«SELECT» F«count»(*) K«From» t K«WHERE» a = S«'it'»S«'s'» C«-- 値»",
        )],
    );
    check("lua", &[("--[[ a\n]] local x = [[b\n]] -- c", "C«--[[ a\n]]» K«local» x = S«[[b\n]]» C«-- c»")]);
}

#[test]
fn shells_have_commands_and_few_comments() {
    check(
        "bash",
        &[
            ("#!/bin/sh\nNAME=\"世界\" # 値", "C«#!/bin/sh»\nA«NAME»=S«\"世界\"» C«# 値»"),
            ("echo a#b $# ${#x} # c", "K«echo» a#b $# ${#x} C«# c»"),
            ("ls -l | grep -v '^#' $HOME/bin", "F«ls» -l | F«grep» -v S«'^#'» A«$HOME»/bin"),
            ("echo \"$(dirname \"$0\")/x\"", "K«echo» S«\"$(»F«dirname» S«\"$0\"»S«)/x\"»"),
            ("$ docker run \\\n  image if.sh", "$ F«docker» run \\\n  image if.sh"),
        ],
    );
    check("dockerfile", &[("FROM node:20 AS build", "K«FROM» node:N«20» K«AS» build")]);
    check("make", &[("all: a.o\n\tcc -o $@", "A«all»: a.o\n\tF«cc» -o $@")]);
    check("powershell", &[("If ($x -eq \"a`\"b\") <# c #>", "K«If» (A«$x» -eq S«\"a`\"b\"») C«<# c #>»")]);
}

#[test]
fn data_has_keys() {
    check(
        "json",
        &[(
            "{\"名前\": \"a: b\", \"n\" : [1, -2.5e+3, true]}",
            "{A«\"名前\"»: S«\"a: b\"», A«\"n\"» : [N«1», -N«2.5e+3», K«true»]}",
        )],
    );
    check(
        "yaml",
        &[
            ("# 値\non: push\nv: \"3\"", "C«# 値»\nA«on»: push\nA«v»: S«\"3\"»"),
            ("- image: nginx:1.2 # c", "- A«image»: nginx:1.2 C«# c»"),
            ("a: don't say \"it\" #1", "A«a»: don't say S«\"it\"» C«#1»"),
            ("u: http://x.y/z#a", "A«u»: http://x.y/z#a"),
            ("x: {a: 1, b: true}", "A«x»: {A«a»: N«1», A«b»: K«true»}"),
            ("d: 2024-01-01\n<<: *ref", "A«d»: N«2024-01-01»\nA«<<»: A«*ref»"),
        ],
    );
    check(
        "toml",
        &[
            ("[package]\na.b = '値' # c", "K«[package]»\nA«a.b» = S«'値'» C«# c»"),
            ("x = { y = [1, 2.0] }", "A«x» = { A«y» = [N«1», N«2.0»] }"),
        ],
    );
    check("ini", &[("; c\na=C:\\x don't\nb = k=v", "C«; c»\nA«a»=C:\\x don't\nA«b» = k=v")]);
}

#[test]
fn pages_have_tags_properties_and_code_inside() {
    check(
        "css",
        &[
            ("a:hover, #id > .b { color: #fff }", "a:hover, T«#id» > T«.b» { A«color»: N«#fff» }"),
            ("/* 値 */ @media (min-width: 9px)", "C«/* 値 */» K«@media» (A«min-width»: N«9px»)"),
            ("{ --x: url(http://a.b) !important; }", "{ A«--x»: S«url(http://a.b)» K«!important»; }"),
            ("$a: 1px; // scss", "A«$a»: N«1px»; C«// scss»"),
        ],
    );
    check(
        "html",
        &[
            ("<!-- 値 --><br/>don't a < b", "C«<!-- 値 -->»<K«br»/>don't a < b"),
            ("<a href=\"x>y\" :b='c' d>文</a>", "<K«a» A«href»=S«\"x>y\"» A«:b»=S«'c'» A«d»>文</K«a»>"),
            ("<script>let a = '</b>'</script><p>let", "<K«script»>K«let» a = S«'</b>'»</K«script»><K«p»>let"),
            ("<style>a{color:red}</style>", "<K«style»>a{A«color»:red}</K«style»>"),
        ],
    );
}

#[test]
fn diffs_are_read_by_lines() {
    let diff = "--- a/x\n+++ b/x\n@@ -1 +1 @@\n same\n--- 値\n-old\n+new\n";
    let expected = "A«--- a/x»\nA«+++ b/x»\nK«@@ -1 +1 @@»\n same\n-«--- 値»\n-«-old»\n+«+new»\n";
    check("diff", &[(diff, expected)]);
}

#[test]
fn an_unknown_language_is_plain() {
    assert_eq!(tokens("fn main() {}", "unknown"), []);
    assert_eq!(tokens("fn main() {}", ""), []);
    assert_eq!(tokens("", "rust"), []);
}

#[test]
fn the_table_can_be_searched() {
    let mut names = Vec::new();
    for language in languages::ALL {
        names.extend(language.names.split(' '));
        let keywords: Vec<&str> = language.keywords.split(' ').collect();
        assert!(keywords.is_sorted_by(|a, b| a < b), "{}", language.names);
    }
    for name in &names {
        assert_eq!(names.iter().filter(|other| *other == name).count(), 1, "{name}");
    }
}

/// What has a meaning somewhere.
const PIECES: [&str; 56] = [
    "a",
    "A1",
    "0",
    "0x",
    "1e+",
    "'",
    "\"",
    "`",
    "\"\"\"",
    "/",
    "//",
    "/*",
    "*/",
    "#",
    "# ",
    "$",
    "${",
    "$(",
    "#{",
    "\\",
    "\\(",
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "[[",
    "--[[",
    "<",
    "</",
    "<!--",
    "-->",
    "<script>",
    "</script>",
    "<style>",
    ">",
    "-",
    "=",
    ":",
    ": ",
    ";",
    ".",
    "@",
    "!",
    "r#\"",
    "b'",
    "url(",
    "#include <",
    "=begin",
    "\n",
    "\r\n",
    " ",
    "é",
    "\u{3000}",
    "値😀",
];

#[test]
fn any_code_has_tokens_in_order_between_characters() {
    let mut state = 1_u32;
    let mut random = |below: usize| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 16) as usize % below
    };
    for language in languages::ALL {
        let name = language.names.split(' ').next().unwrap();
        for _ in 0..400 {
            let code: String = (0..random(40)).map(|_| PIECES[random(PIECES.len())]).collect();
            let mut end = 0;
            for (range, _) in tokens(&code, name) {
                assert!(range.start >= end && range.end > range.start, "{name}: {code:?}");
                assert!(code.get(range.clone()).is_some(), "{name}: {code:?}");
                end = range.end;
            }
        }
    }
}

#[test]
fn repeated_signs_take_linear_time() {
    for language in languages::ALL {
        let name = language.names.split(' ').next().unwrap();
        for (at, piece) in PIECES.iter().enumerate() {
            let code = [*piece, PIECES[at * 11 % PIECES.len()]].concat();
            let code = code.repeat(8_192 / code.len());
            let once = |_| {
                let begun = std::time::Instant::now();
                std::hint::black_box(tokens(&code, name));
                begun.elapsed()
            };
            // The shortest of three: a busy machine takes the processor away for longer than the work lasts.
            let took = (0..3).map(once).min().unwrap_or_default();
            // Quadratic time would be seconds.
            assert!(took.as_millis() < 250, "{name}: {piece:?} takes {took:?}");
        }
    }
}
