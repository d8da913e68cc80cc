/**
 * Panels of which one is open, as the ARIA practices have tabs: arrows go along, and the open one's tab is the only
 * one that Tab reaches. The open tab closes the panel when it is chosen once more, which leaves more room for the
 * picture.
 */
export function tabs(list, panel) {
    const all = [...list.querySelectorAll("[role=tab]")];
    const choose = (tab) => {
        const open = tab.getAttribute("aria-selected") !== "true" || panel.dataset.closed === "true";
        for (const other of all) {
            const chosen = other === tab;
            other.setAttribute("aria-selected", chosen);
            other.tabIndex = chosen ? 0 : -1;
            document.getElementById(other.getAttribute("aria-controls")).hidden = !(chosen && open);
        }
        panel.dataset.closed = !open;
        list.dispatchEvent(new Event("change"));
    };
    all.forEach((tab, place) => {
        tab.addEventListener("click", () => choose(tab));
        tab.addEventListener("keydown", (event) => {
            const step = {ArrowRight: 1, ArrowLeft: -1}[event.key];
            if (step !== undefined) {
                const next = all[(place + step + all.length) % all.length];
                next.focus();
                choose(next);
            }
        });
    });
}
