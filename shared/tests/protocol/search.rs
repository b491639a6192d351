//! What search finds, and that the index never hides a match.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::sample::Index;
use shared::search::{Filter, Query, document_terms, private_term};
use shared::{ErrorCode, RoomAddress, RoomKind, Timestamp, UserName};
use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

fn query(raw: &str) -> Query {
    Query::parse(raw).unwrap_or_else(|failure| panic!("{raw}: {failure}"))
}

fn finds(raw: &str, text: &str) -> bool {
    let found = query(raw).matches(text);
    assert_eq!(found, is_proposed_and_matches(&query(raw), text), "{raw:?} in {text:?}");
    found
}

fn name() -> UserName {
    UserName::new("Taro Yamada").expect("a name")
}

fn document(text: &str) -> BTreeSet<String> {
    document_in(RoomKind::Public, text)
}

fn document_in(kind: RoomKind, text: &str) -> BTreeSet<String> {
    document_terms(&name(), 7, kind, text, false).split(' ').map(str::to_owned).collect()
}

/// Searches like the server: the index proposes by terms, then the text is checked.
fn is_proposed_and_matches(query: &Query, text: &str) -> bool {
    let document = document(text);
    let has = |prefix: &str| {
        document.range(prefix.to_owned()..).next().is_some_and(|term| term.starts_with(prefix))
    };
    let is_proposed = query
        .terms(None)
        .iter()
        .all(|term| if term.is_prefix { has(&term.text) } else { document.contains(&term.text) });
    is_proposed && query.matches(text)
}

#[test]
fn each_word_finds_its_sentence() {
    let sentences = [
        ("上海", "来週は上海へ出張です。"),
        ("可能", "参加は可能でしょうか"),
        ("具体情況", "請告訴我具體情況，不，具体情況。"),
        ("東京", "東京は晴れ、京都は雨"),
        ("タワー", "スカイツリーではなく東京タワーで"),
        ("서울", "내일 서울에서 만나요"),
        ("雨", "午後から雨らしい"),
        ("会議", "10時からの会議の資料"),
        ("ﾃｽﾄ", "これはテストです"),
        ("テスト", "これはﾃｽﾄです"),
        ("Ｒｕｓｔ", "we write rust here"),
        ("rust", "Ｒｕｓｔで書く"),
        ("running", "It is Running again."),
        ("ガ", "半角のｶﾞ"),
        ("ไทย", "ภาษาไทยง่าย"),
        ("🎉", "できた🎉🎉"),
        ("c++", "C++ and Rust"),
        ("don't", "Don’t panic"),
        ("10〜20", "10～20人"),
        ("辻", "辻\u{E0100}さん"),
        ("हिन्दी", "मुझे हिन्दी पसंद है"),
    ];
    for (word, sentence) in sentences {
        assert!(finds(word, sentence), "{word} in {sentence}");
    }
}

#[test]
fn kana_marks_and_word_ends_count() {
    for (word, sentence) in [
        ("たわー", "東京タワー"),
        ("run", "running"),
        ("unning", "running"),
        ("か", "が"),
        ("ハ", "パ"),
        ("क", "क़"),
        ("は", "ば"),
        ("京東", "東京"),
        ("東京都", "東京と京都"),
        ("\"foo bar\"", "bar foo"),
        ("\"at foo\"", "cat foo"),
    ] {
        assert!(!finds(word, sentence), "{word} in {sentence}");
    }
}

#[test]
fn neither_case_nor_accents_count() {
    for forms in [
        &["straße", "STRASSE", "Straẞe", "ｓｔｒａｓｓｅ"][..],
        &["İstanbul", "istanbul", "ISTANBUL", "ıstanbul", "i\u{307}stanbul"],
        &["café", "cafe", "CAFÉ", "cafe\u{301}"],
        &["Zażółć", "zazolc", "ZAŻÓŁĆ"],
        &["Ångström", "angstrom", "A\u{30A}NGSTRO\u{308}M"],
        &["smørrebrød", "SMORREBROD"],
        &["œuvre", "Œuvre", "oeuvre"],
        &["ﬁn", "FIN"],
        &["Việt", "viet", "VIE\u{323}\u{302}T"],
        &["Σίσυφος", "ΣΙΣΥΦΟΣ", "σισυφοσ"],
        &["ᾳδης", "ΑΙΔΗΣ", "α\u{345}δης"],
        &["ёлка", "ЕЛКА", "е\u{308}лка"],
        &["Їжак", "їжак", "іжак"],
        &["Ǆep", "ǆep", "dzep"],
    ] {
        for one in forms {
            for other in forms {
                assert!(finds(one, &format!("x {other}, y")), "{one} in {other}");
                let marked = query(one).highlights(&format!("x {other}, y"));
                assert_eq!(marked, vec![2..2 + other.len()], "{one} in {other}");
            }
        }
    }
    assert!(
        !finds("strase", "straße") && finds("stras*", "Straße") && finds("\"die strasse\"", "DIE STRAßE")
    );
    for (word, sentence) in
        [("か", "が"), ("ば", "は"), ("ハ", "パ"), ("क", "क़"), ("שלום", "שָׁלוֹם"), ("e\u{301}東", "東")]
    {
        assert!(!finds(word, sentence), "{word} in {sentence}");
    }
    assert!(finds("が", "か\u{3099}") && finds("ｶﾞ", "ガ") && finds("é東", "e\u{301}東京"));
}

#[test]
fn a_minus_excludes() {
    assert!(finds("雨 -東京", "京都は雨") && !finds("雨 -東京", "東京は雨"));
    assert!(!finds("cat -dog", "a cat and a DOG") && finds("cat -dog", "a cat and dogs"));
    assert!(
        !finds("cat -do*", "a cat and dogs")
            && !finds("cat －“a dog”", "cat, a dog")
            && finds("cat -\"a dog\"", "dog, a cat")
    );
    assert!(finds("-cafe", "tea") && !finds("-cafe", "Café"));
    assert!(finds("--help", "try --help") && !finds("--help", "help"));
    assert!(
        finds("well-known", "a well-known one")
            && finds("\"-5\"", "it is -5 °C")
            && !finds("-5", "it is 5 °C")
    );
    assert_eq!(query("cat -dog").highlights("dog cat"), vec![4..7]);
    let read = query("-from:@Bob -in:#tea −has:reaction -has:link cat");
    let filter = read.filter();
    let admits = |author: &str, room: &str| {
        filter.admits(&UserName::new(author).expect("a name"), &RoomAddress::new(room).expect("a room"))
    };
    assert!(
        admits("alice", "general")
            && !admits("bob", "general")
            && !admits("alice", "tea")
            && admits("bobby", "Tea")
    );
    assert!(filter.no_reaction && !read.matches("cat https://example.org") && read.matches("cat https://"));
    for (raw, reason) in
        [("-", "nothing"), ("-before:2026-11-01", "minus"), ("-has:teeth", "teeth"), ("-from:", "from")]
    {
        assert!(Query::parse(raw).expect_err(raw).message.contains(reason), "{raw}");
    }
}

#[test]
fn filters_take_names_as_they_are_called() {
    for raw in ["from:@bob", "from:＠BOB", "from:\"@bob\"", "from:bob"] {
        assert_eq!(query(raw).filter().author.as_ref().map(UserName::key).as_deref(), Some("bob"), "{raw}");
    }
    for raw in ["in:#tea", "in:＃tea", "in:tea"] {
        assert_eq!(query(raw).filter().room.as_ref().map(RoomAddress::as_str), Some("tea"), "{raw}");
    }
    assert_eq!(query("in:##tea").filter().room.as_ref().map(RoomAddress::as_str), Some("#tea"));
    let jose = query("from:José");
    let (room, written) = (RoomAddress::new("tea").expect("a room"), UserName::new("Jose").expect("a name"));
    assert!(!jose.filter().admits(&written, &room), "a name is somebody's own, accents and all");
}

#[test]
fn words_are_all_needed_phrases_stand_together_and_a_star_goes_on() {
    assert!(finds("京都\u{3000}rust", "Rust勉強会（京都）"));
    assert!(!finds("京都 rust", "京都の会"));
    assert!(finds("\"foo  bar\"", "a foo\nbar!") && finds("“foo bar”", "foo bar"));
    assert!(finds("run*", "running") && finds("東京*", "東京都") && finds("Rust入門*", "rust入門書"));
    assert!(!finds("nni*", "running"));
    assert!(finds("\"aa.a\"", "aa.aa.a") && finds("!a!a", "!a!ab!a!a"), "found behind what was no hit");
    let long = "x".repeat(200);
    assert!(finds(&long, &format!("a {long} b")) && !finds(&long, &"x".repeat(201)));
    assert!(finds(&format!("{}*", "x".repeat(100)), &long));
}

#[test]
fn filters_are_read_and_not_looked_for() {
    let read =
        query("from:\"taro  YAMADA\" in：雑談 has:LINK has:reaction after:2026-11-01 before:2026-11-24 雨");
    let filter = read.filter();
    assert_eq!(filter.author.as_ref().map(UserName::key), Some("taro yamada".to_owned()));
    assert_eq!(filter.room.as_ref().map(RoomAddress::as_str), Some("雑談"));
    assert!(filter.has_link && filter.has_reaction && !filter.has_file);
    let day = |day: i64| Some(Timestamp::from_millis(day * 24 * 60 * 60 * 1_000));
    assert_eq!((filter.since, filter.until), (day(20_759), day(20_781)), "neither day is in between");
    let hour = query("after:2026-11-24T00:30:00+09:00").filter().since;
    assert_eq!(hour, Some(Timestamp::from_millis(1_795_447_800_000)));
    assert!(
        read.matches("雨 https://a.example")
            && !read.matches("晴れ https://a.example")
            && !read.matches("雨")
    );
    assert!(query("from:x").matches("anything"));
    assert!(finds("foo:bar", "say foo:bar") && finds("http://a.example/x", "see http://a.example/x"));
}

#[test]
fn filters_meet_the_terms_of_the_document() {
    let with_link = document("see https://example.org now");
    let found = |raw: &str, room, document: &BTreeSet<String>| {
        query(raw).terms(room).iter().all(|term| document.contains(&term.text))
    };
    assert!(found("from:\"TARO yamada\" in:x has:link now", Some(7), &with_link));
    assert!(!found("in:x", Some(8), &with_link) && !found("from:Taro", None, &with_link));
    assert!(!found("has:link", None, &document("https:// me@example.org")));
    assert!(found("has:link", None, &document("見てwww.example.orgです")));
    assert!(found(
        "has:file",
        None,
        &document_terms(&name(), 7, RoomKind::Public, "", true).split(' ').map(str::to_owned).collect()
    ));
    let forged = query("from:\"Taro Yamada\" in:x").terms(Some(7)).into_iter().map(|term| term.text);
    let forged = document(&forged.collect::<Vec<_>>().join(" "));
    assert!(!found("in:x", Some(8), &forged));
    let forged = document_terms(&name(), 8, RoomKind::Public, "\u{E001}7 \u{E002} \u{E003} \u{E004}", false);
    assert!(forged.contains("\u{E001}8") && !forged.contains(['\u{E002}', '\u{E003}', '\u{E004}']));
}

#[test]
fn only_what_is_in_a_private_room_is_marked_as_private() {
    for text in ["", "東京 tea", &private_term(), &format!("x{0}{0} `{0}`", private_term())] {
        assert!(!document_in(RoomKind::Public, text).contains(&private_term()), "{text:?}");
        assert!(document_in(RoomKind::Private, text).contains(&private_term()), "{text:?}");
    }
    for raw in ["tea", "in:x has:link from:a", "\u{E004}tea", "\"\u{E004} tea\""] {
        let terms = query(raw).terms(Some(7));
        assert!(terms.iter().all(|term| term.text != private_term()), "{raw:?}");
    }
}

#[test]
fn a_query_that_cannot_be_is_refused_with_its_reason() {
    let many = "a ".repeat(17);
    for (raw, reason) in [
        ("", "nothing"),
        (" \u{3000}", "nothing"),
        ("!!! \"\"", "nothing"),
        ("before:yesterday", "yesterday"),
        ("after:2026-02-30", "2026-02-30"),
        ("has:teeth", "teeth"),
        ("from:", "from"),
        ("in:\u{202E}", "in:"),
        ("from:a from:b", "once"),
        ("r*", "star"),
        (&"a".repeat(257), "256"),
        (&many, "16"),
        ("aa* bb* cc*", "star"),
    ] {
        let failure = Query::parse(raw).expect_err(raw);
        assert_eq!(failure.code, ErrorCode::InvalidField);
        assert_eq!(failure.field.as_deref(), Some("query"));
        assert!(failure.message.contains(reason), "{raw}: {}", failure.message);
    }
    assert!(Query::parse(&"あ".repeat(256)).is_ok());
}

#[test]
fn highlights_are_parts_of_the_original() {
    let marked = |raw: &str, text: &str| {
        let ranges = query(raw).highlights(text);
        ranges.into_iter().map(|range| text[range].to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(marked("テスト", "あﾃｽﾄとテスト"), ["ﾃｽﾄ", "テスト"]);
    assert_eq!(marked("rust 東京", "Ｒｕｓｔ東京、trust"), ["Ｒｕｓｔ東京"]);
    assert_eq!(marked("東京タワー 京", "東京タワーへ"), ["東京タワー"]);
    assert_eq!(marked("run*", "Running, run!"), ["Running", "run"]);
    assert_eq!(marked("ガ", "カｶﾞ"), ["ｶﾞ"]);
    assert_eq!(marked("👧", "x👩‍👩‍👧y"), ["👩‍👩‍👧"]);
    assert_eq!(marked("㌢", "1㌢と1センチ"), ["㌢", "センチ"]);
    assert_eq!(marked("from:x", "x"), [""; 0]);
}

/// Generates texts of many scripts with difficult characters.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        6 => prop::sample::select(vec![
            "東", "京", "雨", "あ", "は\u{3099}", "ア", "ｱ", "ｶﾞ", "ー", "a", "B", "Ｃ", "é", "e\u{301}", "7", "_", "서", "울",
            "ᄉ\u{1165}", "👍", "👍🏽", "👩‍👩‍👧", "🇯🇵", "❤\u{FE0F}", "ไ", "ท", "ß", "ẞ", "İ", "ı", "ΑΣ", "ς", "ᾳ", "й", "Ё", "ø", "ŉ", "क", "\u{94d}", "ष",
        ]),
        3 => prop::sample::select(vec![" ", "\u{3000}", "\n", "。", "、", ".", "-", "'", "’", "〜", "*", "\"", ":", "·"]),
        1 => prop::sample::select(vec!["\u{200B}", "\u{E001}", "㌢", "ﬁ", "①", "½", "\u{0}", "\u{301}", "\u{AD}"]),
        1 => any::<char>().prop_map(|c| c.to_string().leak() as &str),
    ];
    prop::collection::vec(piece, 0..20).prop_map(|pieces| pieces.concat())
}

/// Folds without fast paths.
fn naive_fold(text: &str) -> String {
    let folded = text.graphemes(true).map(|cluster| {
        let wide: String = cluster.nfkc().collect();
        let cased = wide.to_lowercase().to_uppercase().to_lowercase().replace('ς', "σ");
        let mut base = None;
        let bare = cased.nfkd().filter(|&c| {
            let is_mark = unicode_normalization::char::is_combining_mark(c);
            if !is_mark {
                base = Some(c);
            }
            !(is_mark && base.is_some_and(|base| base.is_alphabetic() && (base as u32) < 0x530))
        });
        bare.nfkc().collect::<String>()
    });
    folded.collect()
}

/// Returns part of a text, in characters.
fn part(text: &str, from: Index, length: usize) -> String {
    let chars: Vec<char> = text.chars().collect();
    if chars.is_empty() {
        return String::new();
    }
    let from = from.index(chars.len());
    chars[from..chars.len().min(from + length)].iter().collect()
}

#[test]
fn signs_of_formatting_are_ignored_and_code_is_searched() {
    for (query, text) in [
        ("bold", "some **bo**ld text"),
        ("\"some bold text\"", "some **bold** text"),
        ("wort", "ein _Wort_ allein"),
        ("太字", "こ**太**字"),
        ("snake_case", "`snake_case`"),
        ("__init__", "__init__"),
        ("init", "__init__"),
        ("answer", "```rust\nfn answer() {}\n```"),
        ("secret", "||secret||"),
        ("guide", "[here](https://example.org/guide)"),
        ("\"**bold**\"", "some **bold** text"),
    ] {
        assert!(finds(query, text), "{query} in {text}");
        let marked = Query::parse(query).unwrap().highlights(text);
        assert!(!marked.is_empty(), "{query} in {text}");
    }
    let text = "some **bold** text";
    let highlights = Query::parse("\"some bold\"").unwrap().highlights(text);
    assert_eq!(highlights.into_iter().map(|range| &text[range]).collect::<Vec<_>>(), ["some **bold"]);
    assert!(!finds("has:link", "`https://example.org`"));
    assert!(finds("has:link", "`https://example.org` https://example.com"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn the_index_keeps_nothing_from_a_search(
        text in text(), other in text(), from in any::<Index>(), length in 1_usize..6, form in 0..4_u8,
    ) {
        let part = part(&text, from, length);
        let raw = match form {
            0 => format!("\"{part}\""),
            1 => format!("{part}*"),
            _ => part,
        };
        if let Ok(query) = Query::parse(&raw) {
            for text in [&text, &other, &format!("{other} {text}")] {
                prop_assert_eq!(is_proposed_and_matches(&query, text), query.matches(text), "{} in {}", raw, text);
                let is_marked = !query.highlights(text).is_empty();
                let excludes_only = query.terms(None).is_empty();
                prop_assert!(is_marked || !query.matches(text) || *query.filter() != Filter::default() || excludes_only);
            }
        }
    }

    #[test]
    fn a_part_in_a_dense_script_is_found_wherever_it_stands(
        before in text(), part in "[東京雨あアー서울]{1,4}", after in text(), other in "[東京雨あアー서울ｱﾞa。 \u{ad}]{0,12}",
    ) {
        let text = format!("{before} {part} {after}");
        prop_assert!(finds(&part, &text));
        prop_assert_eq!(finds(&part, &other), naive_fold(&other).replace('\u{ad}', "").contains(&naive_fold(&part)));
    }

    #[test]
    fn every_case_of_a_text_is_found_by_every_other(text in text(), word in "\\p{L}{1,4}") {
        for text in [text, word] {
            let text = text.replace(['"', '＂', '“', '”', '„'], " ");
            let cases = [text.to_lowercase(), text.to_uppercase(), text];
            for query in cases.iter().filter_map(|raw| Query::parse(&format!("\"{raw}\"")).ok()) {
                for text in &cases {
                    prop_assert!(is_proposed_and_matches(&query, text), "{:?} in {}", query, text);
                }
            }
        }
    }

    #[test]
    fn a_word_is_found_where_a_text_has_it(word in "[a-cA-C7_ＣéßÉẞёЕ]{1,4}", texts in "[a-cA-C7_ＣéßÉẞеЁ .、東]{0,12}") {
        let folded = naive_fold(&texts);
        // As code, so that no sign formats the text.
        let texts = format!("`{texts}`");
        let words = folded.split(|c: char| " .、東".contains(c));
        prop_assert_eq!(finds(&word, &texts), words.clone().any(|other| other == naive_fold(&word)));
        if word.chars().count() > 1 {
            let starts = |other: &str| other.starts_with(&naive_fold(&word));
            prop_assert_eq!(finds(&format!("{word}*"), &texts), words.clone().any(starts));
        }
    }

    #[test]
    fn highlights_are_sorted_apart_and_on_characters(text in text(), from in any::<Index>(), length in 1_usize..4) {
        if let Ok(query) = Query::parse(&part(&text, from, length)) {
            let mut end = None;
            for range in query.highlights(&text) {
                prop_assert!(range.start < range.end && end.is_none_or(|end| end < range.start));
                prop_assert!(text.get(range.clone()).is_some());
                end = Some(range.end);
            }
        }
    }

    #[test]
    fn any_text_is_a_query_or_gets_an_answer(raw in any::<String>(), content in any::<String>()) {
        if let Ok(query) = Query::parse(&raw) {
            query.matches(&content);
            query.highlights(&content);
        }
        let terms = document_terms(&name(), 7, RoomKind::Private, &content, false);
        for term in terms.split(' ') {
            let kept = |c: char| !c.is_ascii() || c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
            prop_assert!(!term.is_empty() && term.chars().all(kept), "{:?}", term);
        }
    }
}
