use proptest::prelude::*;

use super::*;

/// A text as parsed, with a letter for each element.
pub(super) fn shown(text: &str) -> String {
    let mut shown = String::new();
    for part in parse(text) {
        match part {
            Part::Text(range) => shown.push_str(&text[range]),
            Part::Close => shown.push('}'),
            Part::Open(element) => {
                let name = match element {
                    Element::Strong => "B".to_owned(),
                    Element::Emphasis => "I".to_owned(),
                    Element::Strike => "S".to_owned(),
                    Element::Spoiler => "?".to_owned(),
                    Element::Code => "C".to_owned(),
                    Element::Link(target) => format!("A({target})"),
                    Element::Heading => "H".to_owned(),
                    Element::Quote => "Q".to_owned(),
                    Element::List { numbered: false } => "U".to_owned(),
                    Element::List { numbered: true } => "O".to_owned(),
                    Element::Item(None) => "-".to_owned(),
                    Element::Item(Some(number)) => format!("{number}"),
                    Element::CodeBlock(language) => format!("P({})", &text[language]),
                };
                shown.push_str(&name);
                shown.push('{');
            }
        }
    }
    shown
}

#[test]
fn emphasis_is_found_in_sentences() {
    for (text, expected) in [
        ("plain text", "plain text"),
        ("**bold** and *italic* and _italic_", "B{bold} and I{italic} and I{italic}"),
        ("~~gone~~ ||secret||", "S{gone} ?{secret}"),
        ("***both***", "I{B{both}}"),
        ("**bold *and italic***", "B{bold I{and italic}}"),
        ("||**a**, ~~b~~||", "?{B{a}, S{b}}"),
        ("un*frigging*believable", "unI{frigging}believable"),
        ("snake_case_name, __init__", "snake_case_name, B{init}"),
        ("2*3*4 = 24, 2**3**4, 5*3 and 4*2", "2*3*4 = 24, 2**3**4, 5*3 and 4*2"),
        ("a * b * c", "a * b * c"),
        ("a || b || c", "a || b || c"),
        ("~10~20~, ~~~", "~10~20~, ~~~"),
        ("**not closed", "**not closed"),
        ("**5**GB, **3**x faster", "B{5}GB, B{3}x faster"),
        ("料金*1は税抜、送料*2は別", "料金*1は税抜、送料*2は別"),
        ("ありがとう(*^^*) (*´ω｀*)", "ありがとう(*^^*) (*´ω｀*)"),
        ("ごめん>_< 遅れる>_< ^_^ ^_^ -_- -_- ;_; ;_;", "ごめん>_< 遅れる>_< ^_^ ^_^ -_- -_- ;_; ;_;"),
        ("src/*.rs lib/*.rs", "src/*.rs lib/*.rs"),
        ("||a ||b||| c|||", "?{a ?{b}| c}|"),
        ("C:\\Users\\me\\.cargo \\d+\\.\\d+ a\\|b", "C:\\Users\\me\\.cargo \\d+\\.\\d+ a\\|b"),
        ("\\# no\n\\- no\n1\\. no", "# no\n- no\n1. no"),
        ("** bold **", "** bold **"),
        ("\\*stars\\* and \\\\host\\share", "*stars* and \\\\host\\share"),
        ("¯\\_(ツ)_/¯ _really_", "¯\\_(ツ)_/¯ I{really}"),
        ("**two\nlines**", "B{two\nlines}"),
        ("**two\n\nparagraphs**", "**two\n\nparagraphs**"),
    ] {
        assert_eq!(shown(text), expected, "{text:?}");
    }
}

#[test]
fn japanese_needs_no_spaces() {
    for (text, expected) in [
        ("これは**重要**です", "これはB{重要}です"),
        ("これは**「重要」**です。", "これはB{「重要」}です。"),
        ("**重要。**次に", "B{重要。}次に"),
        ("値段は**500円(税込)**です", "値段はB{500円(税込)}です"),
        ("~~中止~~延期、||犯人は猫||", "S{中止}延期、?{犯人は猫}"),
        ("한국어**(강조)**입니다", "한국어B{(강조)}입니다"),
        ("**ヤバい😀**です", "B{ヤバい😀}です"),
        ("３＊４", "３＊４"),
    ] {
        assert_eq!(shown(text), expected, "{text:?}");
    }
}

#[test]
fn code_contains_nothing_else() {
    for (text, expected) in [
        ("run `cargo **test**` now", "run C{cargo **test**} now"),
        ("`` a`b ``", "C{a`b}"),
        ("*a `b* c`", "*a C{b* c}"),
        ("`not closed", "`not closed"),
        ("`https://example.org` `@bob`", "C{https://example.org} C{@bob}"),
        ("a \\`b`c`", "a `bC{c}"),
        ("```rust\nfn main() {\n    *x\n}\n```", "P(rust){fn main() {\n    *x\n}}"),
        ("look:\n```\na\n\nb\n```\ndone", "look:P(){a\n\nb}done"),
        ("```\nnot closed\n", "P(){not closed}"),
        ("```let x = 1;\nlet y = 2;```", "P(){let x = 1;\nlet y = 2;}"),
        ("```one line``` of code", "C{one line} of code"),
        ("````\n```\n````", "P(){```}"),
        ("```\n```", "```\n```"),
        ("```{\n a\n}```", "P(){{\n a\n}}"),
        ("見て:```\nfn a() {}\n```\n@bob どう？", "見て:P(){fn a() {}}@bob どう？"),
        ("```\nx\n``` @bob", "P(){x}@bob"),
        ("a ``` b\nc", "a ``` b\nc"),
    ] {
        assert_eq!(shown(text), expected, "{text:?}");
    }
}

#[test]
fn links_have_a_text_or_show_their_target() {
    let page = "https://example.org/a";
    for (text, expected) in [
        ("see https://example.org/a.", format!("see A({page}){{{page}}}.")),
        ("[a **page**](https://example.org/a)!", format!("A({page}){{a B{{page}}}}!")),
        ("<https://example.org/a>", format!("A({page}){{{page}}}")),
        ("**https://example.org/a**", format!("B{{A({page}){{{page}}}}}")),
        ("_https://example.org/a_", format!("I{{A({page}){{{page}}}}}")),
        ("~~https://example.org/a~~", format!("S{{A({page}){{{page}}}}}")),
        ("*[a*](https://example.org/a)", format!("*A({page}){{a*}}")),
        ("[write](bob@example.org)", "A(mailto:bob@example.org){write}".to_owned()),
        ("[x](javascript:alert(1))", "[x](javascript:alert(1))".to_owned()),
        ("[x](/etc)", "[x](/etc)".to_owned()),
        ("~~old: https://example.org/a~~", format!("S{{old: A({page}){{{page}}}}}")),
        ("**https://example.org/a**を見て", format!("B{{A({page}){{{page}}}}}を見て")),
        ("[Yahoo](https://example.org/Yahoo!)", "A(https://example.org/Yahoo!){Yahoo}".to_owned()),
        ("[\u{200B}](https://example.org/a)", ["[\u{200B}](A(", page, "){", page, "})"].concat()),
        ("[](https://example.org/a)", format!("[](A({page}){{{page}}})")),
        ("[[x]](https://example.org/a)", format!("A({page}){{[x]}}")),
        (
            "https://example.org/wiki/A_(b)_c and _d_",
            "A(https://example.org/wiki/A_(b)_c){https://example.org/wiki/A_(b)_c} and I{d}".to_owned(),
        ),
    ] {
        assert_eq!(shown(text), expected, "{text:?}");
    }
}

#[test]
fn no_text_pretends_to_be_another_address() {
    let evil = "A(https://evil.example){https://evil.example}";
    for (label, shown_label) in [
        ("https://bank.example", "A(https://bank.example){https://bank.example}"),
        ("https://**bank**.example", "https://B{bank}.example"),
        ("www**.**bank.example", "www**.**bank.example"),
        ("||x||", "?{x}"),
    ] {
        let text = format!("[{label}](https://evil.example)");
        assert_eq!(shown(&text), format!("[{shown_label}]({evil})"));
    }
}

#[test]
fn lines_begin_headings_quotes_and_lists() {
    for (text, expected) in [
        ("# Title\ntext", "H{Title}text"),
        ("### A *b* ###", "H{A I{b}}"),
        ("#1 is best\n#\n####### seven", "#1 is best\n#\n####### seven"),
        ("> quoted\nanswer", "Q{quoted}answer"),
        ("> a\n> **b**\n>\n> c\n\nd", "Q{a\nB{b}\n\nc}d"),
        ("> > twice\n> once", "Q{Q{twice}once}"),
        (">_< and >:(", ">_< and >:("),
        ("- a\n- b\n  - c\n    - d\n- e", "U{-{a}-{bU{-{cU{-{d}}}}}-{e}}"),
        ("* a\n+ b", "U{-{a}}U{-{b}}"),
        // White space that is no space: it is longer than a byte.
        ("- a\n-\u{a0}\n1.\u{2003}\u{2003}", "U{-{a}}-\u{a0}\n1.\u{2003}\u{2003}"),
        ("3. c\n4. d", "O{3{c}4{d}}"),
        ("1. a\n  - b\n2. c", "O{1{aU{-{b}}}2{c}}"),
        ("- a\n\n- b", "U{-{a}-{b}}"),
        ("- a\n  more\n- b\nafter", "U{-{a\nmore}-{b}}after"),
        ("- a\n\n  more\n\nafter", "U{-{a\n\nmore}}after"),
        ("Bring:\n- bread\n- milk", "Bring:U{-{bread}-{milk}}"),
        ("2. yes\n5. no", "O{2{yes}5{no}}"),
        ("1. a\ntext\n2. b", "O{1{a}}textO{2{b}}"),
        ("-　牛乳\n>　引用\n#　題", "U{-{牛乳}}Q{引用}H{題}"),
        (">", ">"),
        ("I was born in\n1999. It was cold.", "I was born in\n1999. It was cold."),
        ("-\n- \n1.", "-\n- \n1."),
        ("-5 degrees, +1\n*emphasis*", "-5 degrees, +1\nI{emphasis}"),
        ("- ```\n  code\n  ```", "U{-{P(){code}}}"),
        ("> - a\n> - b", "Q{U{-{a}-{b}}}"),
        ("- > a\n  > b", "U{-{Q{a\nb}}}"),
        ("a\n\n\nb\n**c**", "a\n\n\nb\nB{c}"),
        ("    indented *x*", "    indented I{x}"),
    ] {
        assert_eq!(shown(text), expected, "{text:?}");
    }
}

#[test]
fn elements_are_at_most_so_deep() {
    let deepest = |text: &str| {
        let mut depth = 0_usize;
        let depths = parse(text).into_iter().map(|part| {
            match part {
                Part::Open(_) => depth += 1,
                Part::Close => depth -= 1,
                Part::Text(_) => {}
            }
            depth
        });
        depths.max().unwrap_or_default()
    };
    for text in [
        "> ".repeat(40) + "**[x](https://example.org)**",
        "- ".repeat(40) + "*`x`*",
        "- > ".repeat(40) + "*x*",
        "*_".repeat(40) + "x" + &"_*".repeat(40),
        "**".repeat(40) + "x" + &"**".repeat(40),
        "> ".repeat(10) + &"*_".repeat(40) + "x" + &"_*".repeat(40),
    ] {
        assert!((1..=DEPTH).contains(&deepest(&text)), "{} {text}", deepest(&text));
    }
}

#[test]
fn any_text_takes_little_time() {
    let pieces = [
        "*",
        "_",
        "~",
        "|",
        "`",
        "[",
        "]",
        "(",
        ")",
        "<",
        ">",
        "#",
        "-",
        "+",
        "\\",
        "!",
        ".",
        "1",
        "\n",
        " ",
        "\t",
        "a",
        "あ",
        "*a ",
        "a* ",
        "_a ",
        "**a",
        "a**",
        "*a_ ",
        "[a](",
        "](",
        "[](",
        "||",
        "~~",
        "> ",
        ">\n",
        "- ",
        "-\n",
        "1. ",
        "```\n",
        "`` ` ",
        "` ",
        "* *",
        "[*",
        "*]",
        "- a\n",
        " - a\n",
        "> a\n",
        "\\*",
        "@",
        "www.",
        "https://",
        "https://a ",
        "<https://a>",
        "[a](https://a)",
        "[https://a]",
        "a@b.cc ",
        "*https://a* ",
    ];
    for piece in pieces {
        let text = piece.repeat(16 * 1024 / piece.len());
        let took = crate::cpu_time::of(|| {
            let parts = parse(&text);
            assert!(parts.len() <= text.len() + 2, "{piece:?}");
        });
        // Quadratic time would be seconds.
        assert!(took.as_millis() < 250, "{piece:?} takes {took:?}");
    }
}

#[test]
fn plain_texts_know_where_they_come_from() {
    let text = "# Plan\n**fo**o `bar_baz`\n- [page](https://example.org/guide)";
    let plain = Plain::new(text);
    assert_eq!(plain.text(), "Plan\nfoo bar_baz\npage\n");
    let origin = |part: &str| {
        let start = plain.text().find(part).unwrap();
        &text[plain.origin(&(start..start + part.len()))]
    };
    assert_eq!(origin("Plan"), "Plan");
    assert_eq!(origin("foo bar"), "fo**o `bar");
    assert_eq!(origin("page"), "page");
    assert_eq!(Plain::covered("a ||b **c**|| d", "…"), "a … d");
    assert_eq!(Plain::covered("2. yes\n5. no", "…"), "2. yes\n5. no\n");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn every_text_is_whole(text in "([*_~|`\\[\\]()<>#\\-+.! \n\\\\a1あ「」]|https://a\\.b){0,40}") {
        let mut at = 0;
        let mut open = 0_usize;
        for part in parse(&text) {
            match part {
                Part::Text(range) => {
                    prop_assert!(range.start >= at && range.end > range.start, "{:?} after {}", range, at);
                    prop_assert!(!text[at..range.start].contains(['あ', '「', '」']), "{:?}", &text[at..range.start]);
                    at = range.end;
                }
                Part::Open(_) => open += 1,
                Part::Close => open -= 1,
            }
        }
        prop_assert_eq!(open, 0);
    }
}
