// The sign-in page until the program is there, which takes over what was typed or even submitted by then.
{
    const [gate, form, field] = ["gate", "gate-form", "name"].map((id) => document.getElementById(id));
    const { dataset } = document.documentElement;
    const isLink = () => /^#(invite|owner|reset|mail)=/.test(location.hash);
    const isJoin = () => location.hash.startsWith("#join=");
    const kept = (storage, key) => {
        try {
            return window[storage].getItem(key);
        } catch {
            return null;
        }
    };
    const keep = (storage, key, value) => {
        try {
            window[storage].setItem(key, value);
        } catch {
            // Storage may be forbidden.
        }
    };
    if (isLink()) dataset.link = "";
    // Kept until the program has asked: the address changes before that, and the page may be reloaded.
    if (isJoin()) keep("sessionStorage", "hiroba.join", location.hash.slice(6));
    const join = isJoin() ? location.hash.slice(6) : kept("sessionStorage", "hiroba.join");
    if (join) dataset.join = join;
    window.addEventListener("hashchange", () => (isLink() || isJoin()) && location.reload());
    field.placeholder = field.dataset[document.documentElement.lang] ?? "";
    field.value = kept("localStorage", "hiroba.name") ?? "";
    // A tab that has kept a session goes straight to it, and one of a browser that is signed in to its account.
    const isKept = kept("sessionStorage", "hiroba.guest") ?? kept("localStorage", "hiroba.account");
    if (isKept === null || isLink()) {
        // The server says in the page if guests may not come in.
        form.hidden = dataset.guests === "off" || isLink();
        gate.hidden = false;
        document.getElementById("boot").remove();
        field.select();
        field.focus();
    }
    const booted = () => "booted" in dataset;
    form.addEventListener("submit", (event) => {
        event.preventDefault();
        form.dataset.to = event.submitter?.value ?? "";
        if (!booted()) form.dataset.waiting = "";
    });
    field.addEventListener("input", () => {
        delete form.dataset.waiting;
        // Not lost should the program not come.
        if (!booted()) keep("localStorage", "hiroba.name", field.value);
    });
    // What is left of the page when the program has stopped: a button, which works without it.
    const crash = document.getElementById("crash");
    crash.addEventListener("click", ({ target }) => target.closest("button") && location.reload());
    let stopped = false;
    new MutationObserver(() => {
        if (crash.hidden === !stopped) return;
        stopped = !crash.hidden;
        for (const element of stopped ? crash.querySelectorAll("button") : [field]) element.focus();
    }).observe(crash, { attributes: true });
    // The program shows its own crashes; this is for one that never came.
    const fail = ({ target }) => {
        const ours = target === window || target.tagName === "SCRIPT";
        if (ours && !booted()) crash.hidden = false;
    };
    window.addEventListener("error", fail, true);
    window.addEventListener("unhandledrejection", fail);
}
