// Before the first paint: the appearance and the language that were chosen on an earlier visit.
try {
    const theme = localStorage.getItem("hiroba.theme");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
    const language = localStorage.getItem("hiroba.language") || navigator.language || "";
    document.documentElement.lang = language.toLowerCase().startsWith("ja") ? "ja" : "en";
} catch {
    // Storage may be forbidden: the system's appearance and the page's language stay.
}
