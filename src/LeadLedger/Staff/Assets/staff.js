// Makes pages live; without it they work by themselves. Nothing is drawn here: changed parts are fetched from the page's own address.
(() => {
    "use strict";
    document.documentElement.classList.add("js");

    const wide = window.matchMedia("(min-width: 62rem)");
    const menu = document.querySelector(".menu");
    const fitMenu = () => { if (menu) { menu.open = wide.matches; } };
    wide.addEventListener("change", fitMenu);
    fitMenu();

    document.addEventListener("click", event => {
        const copy = event.target.closest("[data-copy]");
        if (copy) {
            navigator.clipboard?.writeText(copy.dataset.copy).then(() => { copy.textContent = "Copied"; }, () => { copy.textContent = copy.dataset.copy; });
        }
    });

    document.addEventListener("change", event => {
        if (event.target.matches("select[data-go]")) { event.target.form.requestSubmit(); }
    });

    // j and k walk a list, enter opens, a slash goes to the search.
    let row = -1;
    document.addEventListener("keydown", event => {
        if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) { return; }
        if (event.key === "/") {
            const search = document.querySelector("[data-search]");
            if (search) { event.preventDefault(); search.focus(); }
            return;
        }
        if (event.key !== "j" && event.key !== "k") { return; }
        const rows = [...document.querySelectorAll("[data-row]")];
        if (rows.length === 0) { return; }
        row = Math.min(rows.length - 1, Math.max(0, row + (event.key === "j" ? 1 : -1)));
        rows.forEach((each, index) => each.classList.toggle("here", index === row));
        rows[row].querySelector("[data-open]")?.focus();
    });

    const two = value => String(value);
    const span = seconds => seconds < 60 ? two(seconds) + " s"
        : seconds < 3600 ? Math.floor(seconds / 60) + " min"
        : seconds < 86400 ? Math.floor(seconds / 3600) + " h" + (Math.floor(seconds % 3600 / 60) ? " " + Math.floor(seconds % 3600 / 60) + " min" : "")
        : Math.floor(seconds / 86400) + " d" + (Math.floor(seconds % 86400 / 3600) ? " " + Math.floor(seconds % 86400 / 3600) + " h" : "");
    setInterval(() => {
        for (const time of document.querySelectorAll("time[data-due]")) {
            const seconds = Math.round((Number(time.dataset.due) - Date.now()) / 1000);
            const text = seconds === 0 ? "now" : seconds > 0 ? "in " + span(seconds) : span(-seconds) + " ago";
            if (time.textContent !== text) { time.textContent = text; }
        }
    }, 1000);

    // A part in which something is chosen or written is left alone: what was begun there is never lost.
    const isFilled = part => part.contains(document.activeElement) && document.activeElement.matches("input, select, textarea")
        || [...part.querySelectorAll("input:not([type=hidden]), textarea")].some(field => field.checked !== field.defaultChecked || field.value !== field.defaultValue);
    const nameOf = details => (details.closest("[id]")?.id ?? "") + details.querySelector("summary")?.textContent;
    const keepOpen = (part, fresh) => {
        const known = new Map([...part.querySelectorAll("details")].map(each => [nameOf(each), each.open]));
        for (const each of fresh.querySelectorAll("details")) { each.open = known.get(nameOf(each)) ?? each.open; }
    };
    const renew = async () => {
        const answer = await fetch(location.href, { headers: { "X-Live": "1" }, credentials: "same-origin", redirect: "error" });
        if (!answer.ok) { return; }
        const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
        for (const part of document.querySelectorAll("[data-part]")) {
            const other = fresh.getElementById(part.id);
            if (!other || isFilled(part)) { continue; }
            keepOpen(part, other);
            if (other.innerHTML !== part.innerHTML) {
                const focused = part.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
                part.replaceChildren(...other.childNodes);
                if (focused) { part.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus(); }
            }
        }
    };

    // One at a time and at most one a second, however often something changes; a change during one leads to another.
    let wanted = false, running = false, begun = -1000;
    const plan = () => setTimeout(async () => {
        wanted = false;
        running = true;
        begun = performance.now();
        try { await renew(); } catch { /* The next change tries again. */ }
        running = false;
        if (wanted) { plan(); }
    }, Math.max(0, begun + 1000 - performance.now()));
    const refresh = () => {
        if (wanted) { return; }
        wanted = true;
        if (!running) { plan(); }
    };

    // Work under way says itself how often it wants to be looked at, in seconds.
    setInterval(() => { if (document.querySelector("[data-poll]")) { refresh(); } }, 1000 * (Number(document.querySelector("[data-poll]")?.dataset.poll) || 2));

    const topic = document.body.dataset.live;
    if (!topic || !window.EventSource) { return; }
    const events = new EventSource("/live?topic=" + encodeURIComponent(topic) + (new URLSearchParams(location.search).get("business") ? "&business=" + encodeURIComponent(new URLSearchParams(location.search).get("business")) : ""));
    events.addEventListener("change", refresh);
    window.addEventListener("pagehide", () => events.close());
})();
