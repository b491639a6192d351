use proptest::prelude::*;

use super::*;

fn found(text: &str) -> Vec<&str> {
    links(text).map(|link| &text[link.range]).collect()
}

fn targets(text: &str) -> Vec<String> {
    links(text).map(|link| link.target()).collect()
}

#[test]
fn an_address_of_mail_is_linked_without_the_sentence_around_it() {
    for text in [
        "連絡先：me@example.org",
        "（me@example.org）",
        "メールはme@example.orgです",
        "ﾒｰﾙはme@example.orgﾃﾞｽ",
        "Ａme@example.orgＢ",
        "메일은me@example.org입니다",
        "mail 'me@example.org', please.",
        "<me@example.org>",
        "**me@example.org**",
        "?to=me@example.org&x",
        "...me@example.org...",
        "me@example.org-",
        "me@example.org_です",
        "「me@example.org」",
    ] {
        assert_eq!(targets(text), ["mailto:me@example.org"], "{text}");
        assert_eq!(found(text), ["me@example.org"], "{text}");
    }
    assert_eq!(targets("MAILTO:me@example.org"), ["mailto:me@example.org"]);
    assert_eq!(found("see mailto:me@example.org."), ["mailto:me@example.org"]);
    assert_eq!(
        found("a@example.org,b@example.org;c@example.org"),
        ["a@example.org", "b@example.org", "c@example.org"]
    );
    for whole in [
        "jürgen@example.org",
        "o'brien@example.org",
        "иван@пример.рф",
        "me+tag@例え.jp",
        "a.b_c@xn--r8jz45g.jp",
    ] {
        assert_eq!(found(whole), [whole]);
    }
    assert_eq!(targets("a%b&c@example.org"), ["mailto:a%25b%26c@example.org"]);
    for none in [
        "me@localhost",
        "@me@example.org",
        "me@example.org@example.org",
        "me@.org",
        "me@1.2",
        "me＠example.org",
        "@bob",
        "は@example.org",
    ] {
        assert_eq!(found(none), [""; 0], "{none}");
    }
}

#[test]
fn a_url_ends_before_signs_of_any_script() {
    let around = [
        ("｢", "｣"),
        ("", "｡"),
        ("", "。つぎ"),
        ("（", "）"),
        ("「", "」"),
        ("《", "》"),
        ("〔", "〕です"),
        ("«", "»"),
        ("“", "”"),
        ("‹", "›"),
        ("„", "‟"),
        ("", "、"),
        ("", "､"),
        ("", "…"),
        ("", "！"),
        ("", "；"),
        ("", "؟"),
        ("", "।"),
        ("", "。"),
        ("(", ")"),
        ("[x](", ")"),
        ("<", ">"),
        ("\"", "\""),
        ("'", "'"),
        ("`", "`"),
        ("*", "*"),
        ("|", "|"),
        ("→", "→"),
        ("🎉", "🎉"),
        ("", "."),
        ("", "?!"),
        ("", ": x"),
        ("", "\u{200B}x"),
        ("\u{2068}", "\u{2069}"),
        ("", "\u{3000}"),
        ("", "–"),
        ("", "＜"),
        ("", "・"),
        ("href='", "'>"),
        ("﹁", "﹂"),
        ("⟨", "⟩"),
    ];
    for url in [
        "https://example.org",
        "https://example.org/",
        "https://example.org/a?b=1",
        "http://example.org#frag",
        "HTTPS://EXAMPLE.ORG/wiki/広場",
        "https://localhost:8080/x",
        "http://[::1]:8765/a",
        "https://[2001:db8::1]",
        "https://en.wikipedia.org/wiki/Foo_(bar)",
        "https://例え.テスト/パス?鍵=値#片",
        "https://münchen.example/straße",
    ] {
        for (before, after) in around {
            let text = format!("{before}{url}{after}");
            assert_eq!(found(&text), [url], "{text}");
            assert_eq!(targets(&text), [url], "{text}");
        }
    }
}

#[test]
fn nothing_is_lost_behind_a_host_and_no_sentence_is_taken_with_it() {
    for (text, url) in [
        ("https://example.com#frag", "https://example.com#frag"),
        ("https://example.com?q=a,b;c", "https://example.com?q=a,b;c"),
        ("https://example.com:8443?x", "https://example.com:8443?x"),
        ("https://user:secret@example.com/~me", "https://user:secret@example.com/~me"),
        ("https://example.com/@me/1", "https://example.com/@me/1"),
        ("https://web.example/https://example.org/a", "https://web.example/https://example.org/a"),
        ("https://ja.wikipedia.org/wiki/ビル・ゲイツ", "https://ja.wikipedia.org/wiki/ビル・ゲイツ"),
        ("https://example.org/が\u{3099}e\u{301}/हिन्दी", "https://example.org/が\u{3099}e\u{301}/हिन्दी"),
        ("https://fa.example/می\u{200C}خواهم", "https://fa.example/می\u{200C}خواهم"),
        ("https://example.orgです", "https://example.org"),
        ("https://example.org:80です", "https://example.org:80"),
        ("https://example.org.", "https://example.org"),
        ("https://example.org...x", "https://example.org"),
        ("https://sushi寿司.example/", "https://sushi寿司.example/"),
        ("https://example.orgとexample.netを", "https://example.org"),
        ("https://example.org/a)b", "https://example.org/a"),
        ("https://example.org/{id}/[0]", "https://example.org/{id}/[0]"),
        ("'https://a.example/x','y'", "https://a.example/x"),
        ("見てhttps://example.org/a", "https://example.org/a"),
        ("javascript:https://example.org", "https://example.org"),
        ("- https://example.org\\n", "https://example.org"),
        ("-https://example.org", "https://example.org"),
    ] {
        assert_eq!(found(text), [url], "{text}");
    }
    assert_eq!(
        found("https://a.example/x→https://b.example/y"),
        ["https://a.example/x", "https://b.example/y"]
    );
    assert_eq!(found("https://a.example、me@b.example"), ["https://a.example", "me@b.example"]);
}

#[test]
fn hosts_that_begin_with_www_are_links() {
    assert_eq!(found("see www.example.org/a?b#c."), ["www.example.org/a?b#c"]);
    assert_eq!(targets("WWW.Example.org、"), ["https://WWW.Example.org"]);
    assert_eq!(found("（www.例え.jp）とwww.example.orgです"), ["www.例え.jp", "www.example.org"]);
    for none in ["www.", "www", "awww.example", "www..a", "x.www.example.org", "www.。"] {
        assert_eq!(found(none), [""; 0], "{none}");
    }
    for mailbox in ["www.me@example.org", "www.me-@example.org", "www.me+you@example.org"] {
        assert_eq!(found(mailbox), [mailbox]);
    }
    assert_eq!(found("www.a+b www.c+d@e.org"), ["www.a", "www.c+d@e.org"]);
}

#[test]
fn what_is_no_url_of_the_web_is_no_link() {
    for none in [
        "javascript://example.org/%0Aalert(1)",
        "data://x",
        "ftp://example.org",
        "git+https://example.org",
        "xhttps://example.org",
        "https://",
        "https:///x",
        "https://.org",
        "https://[::1",
        "https://[1:2]",
        "https://example.org:99999/",
        "http://1.2.3.256",
        "https://xn--a",
        "https:example.org",
        "https://。",
        "//example.org",
        "example.org",
    ] {
        assert_eq!(found(none), [""; 0], "{none}");
    }
}

/// Generates texts from the parts of links and from what may surround them.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => prop::sample::select(vec![
            "https://", "HTTP://", "www.", "example.org", "例え.jp", "@", "me", "[::1]", ":", "/", "?", "#", ".", "-", "%41", "xn--",
            "mailto:", "(", ")", "'", "…", "｡", "です", "é", "\u{301}", "・", "🎉", " ", "\u{200D}", "\u{202E}", "1", "+", "_",
        ]).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
        1 => "[!-~]{1,3}",
    ];
    prop::collection::vec(piece, 0..16).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    #[test]
    fn links_are_parts_of_the_text_and_lead_to_urls_of_allowed_schemes(text in text()) {
        let mut end = 0;
        for link in links(&text) {
            prop_assert!(end <= link.range.start && link.range.start < link.range.end);
            prop_assert!(text.get(link.range.clone()).is_some());
            end = link.range.end;
            let target = link.target();
            let url = url::Url::parse(&target);
            prop_assert!(url.is_ok(), "{}", target);
            let url = url.unwrap();
            prop_assert!(matches!(url.scheme(), "http" | "https" | "mailto"), "{}", target);
            prop_assert_eq!(url.has_host(), link.is_web());
            // The target is the text that is shown.
            prop_assert!(target.ends_with(&text[link.range.clone()]) || !link.is_web());
        }
    }

    #[test]
    fn a_link_alone_is_found_in_the_same_way(text in text()) {
        for link in links(&text) {
            let alone = &text[link.range.clone()];
            if !text[..link.range.start].ends_with('\'') {
                prop_assert_eq!(links(alone).map(|link| link.range).collect::<Vec<_>>(), vec![0..alone.len()], "{}", alone);
            }
        }
    }

    #[test]
    fn a_url_is_found_whole_between_words_of_any_script(
        scheme in "https?|HTTPS", host in "([a-z][a-z0-9]{0,4}(-[a-z0-9]{1,3})?\\.){1,2}[a-z]{2,4}", port in "(:[1-9][0-9]{0,3})?",
        tail in "(/[a-zA-Z0-9é広場_~%41=&+-]{0,6}){0,3}(\\?[a-z]=[a-z0-9]{1,3})?(#[a-z0-9]{1,4})?",
        before in "[ 、「（。がア🎉\u{3000}(\"<]?", after in "([ 、」）。…｡｣､！”\u{3000})\"<>].{0,3})?",
    ) {
        let url = format!("{scheme}://{host}{port}{tail}");
        let text = format!("{before}{url}{after}");
        // Signs of emphasis at the end belong to what is around.
        let url = url.trim_end_matches(['_', '~']).to_owned();
        prop_assert_eq!(links(&text).next().map(|link| text[link.range].to_owned()), Some(url));
    }
}

/// Returns the best time for finding the links of 16 KiB of `piece`.
fn time_of(piece: &str, end: &str) -> std::time::Duration {
    let text = piece.repeat(16 * 1024 / piece.len()) + end;
    crate::cpu_time::of(|| {
        std::hint::black_box(links(&text).count());
    })
}

#[test]
fn no_text_costs_much_more_than_another() {
    let usual = time_of("see www.example.org ", "");
    for (piece, end) in [
        ("éwww.", "\u{301} @x"),
        ("éwww.", "@"),
        ("éwww.a-", "--"),
        ("www.a+", ""),
        ("www.a+", "@"),
        ("http://", "\u{301}"),
        ("http://éwww.", "\u{301}"),
        ("a@a.", "b"),
        ("é@é.é", "\u{301}"),
        ("mailto:a@b.", "c"),
    ] {
        let time = time_of(piece, end);
        assert!(time < 20 * usual, "{piece} takes {time:?}, usual text {usual:?}");
    }
}
