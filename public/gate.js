// The sign-in page until the program is there, which takes over what was typed or even submitted by then.
{
    const [gate, form, field] = ["gate", "gate-form", "name"].map((id) => document.getElementById(id));
    const kept = (storage, key) => {
        try {
            return window[storage].getItem(key);
        } catch {
            return null;
        }
    };
    field.placeholder = field.dataset[document.documentElement.lang] ?? "";
    field.value = kept("localStorage", "hiroba.name") ?? "";
    // A tab that has kept a session goes straight to it.
    if (kept("sessionStorage", "hiroba.guest") === null) {
        gate.hidden = false;
        document.getElementById("boot").remove();
        field.select();
        field.focus();
    }
    form.addEventListener("submit", (event) => {
        event.preventDefault();
        form.dataset.waiting = "";
    });
    // Not lost should the program not come.
    field.addEventListener("input", () => {
        try {
            if (!("booted" in document.documentElement.dataset)) localStorage.setItem("hiroba.name", field.value);
        } catch {
            // Storage may be forbidden.
        }
    });
    // The program shows its own crashes; this is for one that never came.
    const fail = ({ target }) => {
        const ours = target === window || target.tagName === "SCRIPT";
        if (ours && !("booted" in document.documentElement.dataset)) document.getElementById("crash").hidden = false;
    };
    window.addEventListener("error", fail, true);
    window.addEventListener("unhandledrejection", fail);
}
