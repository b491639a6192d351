//! What tells the lexer about a language: which signs begin what, and its words.

/// How words are read, and what those that are no keywords may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    Code,
    Shell,
    /// Keys and values; quotes are only around whole values.
    Data,
    Style,
    Markup,
    Diff,
}

#[derive(Debug)]
pub(super) struct Language {
    /// What it is called after a fence. This, like other lists here, is separated by spaces.
    pub names: &'static str,
    pub family: Family,
    /// What begins a comment that ends with the line.
    pub line: &'static str,
    /// What begins and ends a comment of several lines.
    pub block: (&'static str, &'static str),
    /// Whether such comments contain each other.
    pub nests: bool,
    /// The first that fits is taken.
    pub quotes: &'static [Quote],
    pub ignores_case: bool,
    /// Signs in words, besides `_`.
    pub signs: &'static [u8],
    /// Signs before words. If `'` is one, it is only around single characters.
    pub sigils: &'static [u8],
    /// Signs between a key and its value.
    pub assigns: &'static [u8],
    /// What may stand before a key. A line break only counts if it is among these.
    pub before_key: &'static [u8],
    /// Sorted.
    pub keywords: &'static str,
}

/// What begins and ends a string.
#[derive(Debug)]
pub(super) struct Quote {
    pub open: &'static str,
    pub close: &'static str,
    /// The sign after this one does not end the string; 0 if there is none.
    pub escape: u8,
    pub spans_lines: bool,
    /// What begins an expression in the string, ending with its bracket.
    pub expression: &'static str,
}

pub(super) const CODE: Language = Language {
    names: "",
    family: Family::Code,
    line: "//",
    block: ("/*", "*/"),
    nests: false,
    quotes: &[line("\""), line("'")],
    ignores_case: false,
    signs: b"",
    sigils: b"",
    assigns: b"",
    before_key: b"",
    keywords: "",
};
pub(super) const SCRIPT: Language = Language { line: "#", block: ("", ""), ..CODE };
pub(super) const SHELL: Language = Language {
    family: Family::Shell,
    quotes: &[template("\"", "$("), raw("'", "'")],
    signs: b"-./",
    sigils: b"$",
    assigns: b"=",
    before_key: b"\n",
    ..SCRIPT
};

/// A string that ends with its line.
pub(super) const fn line(sign: &'static str) -> Quote {
    Quote { open: sign, close: sign, escape: b'\\', spans_lines: false, expression: "" }
}

pub(super) const fn lines(sign: &'static str) -> Quote {
    Quote { spans_lines: true, ..line(sign) }
}

/// A string without escapes.
pub(super) const fn raw(open: &'static str, close: &'static str) -> Quote {
    Quote { open, close, escape: 0, spans_lines: true, expression: "" }
}

/// A string with expressions.
pub(super) const fn template(sign: &'static str, expression: &'static str) -> Quote {
    Quote { expression, ..lines(sign) }
}
