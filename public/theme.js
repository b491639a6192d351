// Before the first paint: the appearance and the language that were chosen on an earlier visit.
{
    const kept = (key) => {
        try {
            return localStorage.getItem(key);
        } catch {
            // Storage may be forbidden: the system's appearance and the browser's language stay.
            return null;
        }
    };
    const root = document.documentElement;
    const theme = kept("hiroba.theme");
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    const language = kept("hiroba.language") ?? navigator.language ?? "";
    root.lang = language.toLowerCase().startsWith("ja") ? "ja" : "en";
}
