//! The languages, with their signs and words.

use super::syntax::{CODE, Family, Language, Quote, SCRIPT, SHELL, line, lines, raw, template};

/// Finds a language by any of its names, in any case.
pub(super) fn named(name: &str) -> Option<&'static Language> {
    ALL.iter().find(|language| language.names.split(' ').any(|known| known.eq_ignore_ascii_case(name)))
}

#[rustfmt::skip]
pub(super) static ALL: &[Language] = &[
    Language { names: "rust rs", nests: true, sigils: b"'",
        quotes: &[raw("r\"", "\""), raw("r#\"", "\"#"), raw("r##\"", "\"##"), raw("br\"", "\""),
            lines("\""), line("'")],
        keywords: "Self as async await bool break char const continue crate dyn else enum extern f32 f64 false fn for \
        i128 i16 i32 i64 i8 if impl in isize let loop macro_rules match mod move mut pub ref return self static str \
        struct super trait true type u128 u16 u32 u64 u8 union unsafe use usize where while", ..CODE },
    Language { names: "javascript js jsx mjs cjs typescript ts tsx", signs: b"$", sigils: b"@",
        quotes: &[line("\""), line("'"), template("`", "${"), line("/")], keywords: "abstract any as async await \
        bigint boolean break case catch class const constructor continue debugger declare default delete do else enum \
        export extends false finally for from function get if implements import in infer instanceof interface is keyof \
        let namespace never new null number object of override private protected public readonly return satisfies set \
        static string super switch symbol this throw true try type typeof undefined unknown var void while with yield",
        ..CODE },
    Language { names: "python py python3 pyi", sigils: b"@",
        quotes: &[lines("\"\"\""), lines("'''"), line("\""), line("'")], keywords: "False None True and as assert \
        async await break case class continue def del elif else except finally for from global if import in is lambda \
        match nonlocal not or pass raise return self try while with yield", ..SCRIPT },
    Language { names: "c h cpp c++ cc cxx hpp hh objc objective-c ino", sigils: b"#",
        quotes: &[raw("R\"(", ")\""), raw("<", ">"), line("\""), line("'")], keywords: "#define #elif #else #endif \
        #error #if #ifdef #ifndef #include #pragma #undef NULL alignas alignof auto bool break case catch char class \
        co_await co_return co_yield concept const const_cast consteval constexpr continue decltype default delete do \
        double dynamic_cast else enum explicit export extern false final float for friend goto if inline int int16_t \
        int32_t int64_t int8_t long mutable namespace new noexcept nullptr operator override private protected public \
        register reinterpret_cast requires restrict return short signed size_t sizeof ssize_t static static_assert \
        static_cast struct switch template this throw true try typedef typename uint16_t uint32_t uint64_t uint8_t \
        union unsigned using virtual void volatile wchar_t while", ..CODE },
    Language { names: "c# cs csharp", sigils: b"#",
        quotes: &[raw("\"\"\"", "\"\"\""), raw("@\"", "\""), Quote { open: "$\"", ..template("\"", "{") },
            line("\""), line("'")],
        keywords: "abstract as async await base bool break byte case catch char class const continue decimal default \
        delegate do double dynamic else enum event explicit extern false finally fixed float for foreach get goto if \
        implicit in init int interface internal is lock long namespace new null object operator out override params \
        partial private protected public readonly record ref required return sealed set short sizeof static string \
        struct switch this throw true try typeof uint ulong unsafe ushort using value var virtual void volatile when \
        where while with yield", ..CODE },
    Language { names: "java groovy gradle", sigils: b"@", quotes: &[lines("\"\"\""), line("\""), line("'")],
        keywords: "abstract assert boolean break byte case catch char class continue def default do double else enum \
        extends false final finally float for if implements import instanceof int interface long native new null \
        package permits private protected public record return sealed short static super switch synchronized this \
        throw throws transient true try var void volatile while yield", ..CODE },
    Language { names: "kotlin kt kts scala dart", nests: true, sigils: b"@",
        quotes: &[template("\"\"\"", "${"), lines("'''"), template("\"", "${"), template("'", "${")],
        keywords: "abstract as async await bool break by case catch class companion const constructor continue data \
        def default do double dynamic else enum export extends extension external factory false final finally for fun \
        get given if implements implicit import in infix init inline int interface internal is late lateinit lazy \
        library match mixin new null object on open operator out override package part private protected public \
        reified required rethrow return sealed set static super suspend switch tailrec then this throw trait true try \
        type typealias val var vararg void when where while with yield", ..CODE },
    Language { names: "swift", nests: true, sigils: b"@#",
        quotes: &[template("\"\"\"", "\\("), raw("#\"", "\"#"), template("\"", "\\(")], keywords: "#available #else \
        #endif #if Self actor any as associatedtype async await break case catch class continue convenience default \
        defer deinit do else enum extension fallthrough false fileprivate final for func get guard if import in \
        indirect init inout internal is lazy let mutating nil nonisolated open operator override private protocol \
        public repeat required rethrows return self set some static struct subscript super switch throw throws true \
        try typealias unowned var weak where while", ..CODE },
    Language { names: "go golang", quotes: &[raw("`", "`"), line("\""), line("'")], keywords: "any bool break byte \
        case chan const continue default defer else error fallthrough false float32 float64 for func go goto if import \
        int int16 int32 int64 int8 interface iota map nil package range return rune select string struct switch true \
        type uint uint16 uint32 uint64 uint8 uintptr var", ..CODE },
    Language { names: "php", line: "// #", sigils: b"$", quotes: &[lines("\""), lines("'")], keywords: "$this abstract \
        and array as bool break callable case catch class clone const continue declare default do echo else elseif \
        empty enum extends false final finally float fn for foreach function global goto if implements include \
        include_once instanceof int interface isset iterable list match mixed namespace never new null object or php \
        print private protected public readonly require require_once return self static string switch this throw trait \
        true try unset use var void while xor yield", ..CODE },
    Language { names: "ruby rb elixir ex exs", block: ("=begin", "=end"), sigils: b"@$",
        quotes: &[template("\"\"\"", "#{"), template("\"", "#{"), lines("'"), lines("`"), line("/")], keywords: "after \
        alias and attr_accessor attr_reader attr_writer begin break case class cond def defimpl defmacro defmodule \
        defp defprotocol defstruct do else elsif end ensure extend false fn for if import in include lambda loop \
        module next nil not or private proc protected public raise redo require require_relative rescue retry return \
        self super then true undef unless until use when while with yield", ..SCRIPT },
    Language { names: "bash sh shell zsh fish", keywords: "alias break case cd continue declare do done echo elif else \
        end esac eval exec exit export false fi for function if in let local printf read readonly return select set \
        shift source sudo test then trap true unset until while", ..SHELL },
    Language { names: "powershell ps1 pwsh", block: ("<#", "#>"), ignores_case: true,
        quotes: &[Quote { escape: b'`', ..template("\"", "$(") }, raw("'", "'")], keywords: "begin break catch class \
        continue do else elseif end enum exit filter finally for foreach function if in param process return switch \
        throw trap try until using while", ..SHELL },
    Language { names: "dockerfile docker containerfile", keywords: "ADD ARG AS CMD COPY ENTRYPOINT ENV EXPOSE FROM \
        HEALTHCHECK LABEL ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR", ..SHELL },
    Language { names: "makefile make mk", assigns: b":=", keywords: "define else endef endif export ifdef ifeq ifndef \
        ifneq include override unexport", ..SHELL },
    Language { names: "sql mysql postgresql postgres psql plpgsql sqlite", line: "--", ignores_case: true, sigils: b"@",
        quotes: &[raw("'", "'"), raw("\"", "\""), raw("`", "`")], keywords: "add all alter analyze and any as asc \
        begin between bigint blob boolean by bytea cascade case char check column commit conflict constraint create \
        cross current_date current_timestamp database date datetime decimal default delete desc distinct do drop each \
        else end except exists explain false fetch filter float for foreign from full function grant group having if \
        ilike in index inner insert int integer intersect interval into is join json jsonb key last lateral left like \
        limit natural not nothing null numeric offset on or order outer over partition primary procedure real \
        recursive references rename replace returning returns revoke right rollback row rows select serial set \
        smallint table temporary text then time timestamp timestamptz to transaction trigger true truncate union \
        unique update using uuid values varchar view when where window with without", ..CODE },
    Language { names: "lua luau", line: "--", block: ("--[[", "]]"), quotes: &[raw("[[", "]]"), line("\""), line("'")],
        keywords: "and break do else elseif end false for function goto if in local nil not or repeat return self then \
        true until while", ..CODE },
    Language { names: "json jsonc json5 jsonl", assigns: b":", before_key: b"{,", keywords: "false null true", ..CODE },
    Language { names: "yaml yml", family: Family::Data, sigils: b"&*!", assigns: b":", before_key: b"\n{,[-",
        quotes: &[line("\""), raw("'", "'")], keywords: "false no null off on true yes ~", ..SCRIPT },
    Language { names: "toml ini cfg conf properties env editorconfig", family: Family::Data, line: "# ;",
        assigns: b"=:", before_key: b"\n{,",
        quotes: &[lines("\"\"\""), raw("'''", "'''"), line("\""), raw("'", "'"), raw("[", "]")], keywords: "false no \
        off on true yes", ..SCRIPT },
    Language { names: "css scss sass less", family: Family::Style, signs: b"-", sigils: b"@$!#.", assigns: b":",
        before_key: b"{;(", quotes: &[raw("url(", ")"), line("\""), line("'")], keywords: "!default !important @apply \
        @charset @container @else @extend @font-face @forward @function @if @import @include @keyframes @layer @media \
        @mixin @namespace @page @property @return @supports @use and from not only or to", ..CODE },
    Language { names: "html htm xhtml xml svg vue svelte xsl rss plist xaml csproj", family: Family::Markup, line: "",
        block: ("<!--", "-->"), signs: b"-:.@#*", quotes: &[raw("\"", "\""), raw("'", "'")], ..CODE },
    Language { names: "diff patch", family: Family::Diff, ..CODE },
];
