// What the page does before the program is there.

// Before the first paint: the looks and the language that were chosen on an earlier visit.
{
    const kept = (key) => {
        try {
            return localStorage.getItem(`hiroba.${key}`);
        } catch {
            // Storage may be forbidden: the defaults and the browser's language stay.
            return null;
        }
    };
    const root = document.documentElement;
    for (const name of ["theme", "density", "motion", "send"]) {
        const value = kept(name);
        if (value !== null && value !== "system") root.dataset[name] = value;
    }
    const language = kept("language") ?? navigator.language ?? "";
    root.lang = language.toLowerCase().startsWith("ja") ? "ja" : "en";
}

// Beside a keyboard on glass the page is as high as what is seen of it. Where `interactive-widget` is not known, as on
// iOS, the keyboard would cover the lower part, and the page would be scrolled instead.
{
    const seen = window.visualViewport;
    seen?.addEventListener("resize", () => {
        const { style } = document.documentElement;
        if (seen.scale === 1 && seen.height < innerHeight - 1) {
            style.setProperty("--seen", `${seen.height}px`);
            scrollTo(0, 0);
        } else {
            style.removeProperty("--seen");
        }
    });
}
