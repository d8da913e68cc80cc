/** The element of that id. */
export function byId(id) {
    return document.getElementById(id);
}

/** A new element: properties are set, `data-` and `aria-` attributes too; children are elements or text. */
export function element(tag, properties = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(properties)) {
        if (name.includes("-")) {
            made.setAttribute(name, value);
        } else {
            made[name] = value;
        }
    }
    made.append(...children);
    return made;
}

/** One of the page's icons. */
export function icon(name) {
    const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    picture.setAttribute("class", "icon");
    picture.setAttribute("aria-hidden", "true");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    use.setAttribute("href", "#icon-" + name);
    picture.append(use);
    return picture;
}

/** A button with an icon alone, whose name is said to who can't see it and shown to who points at it. */
export function iconButton(name, label, action) {
    const button = element("button", {type: "button", className: "quiet", title: label, "aria-label": label},
            icon(name));
    button.addEventListener("click", action);
    return button;
}

/** Hands a file to the person. */
export function download(blob, name) {
    const link = element("a", {href: URL.createObjectURL(blob), download: name});
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** Seconds as a person says them: 4.2 s, 3:07, 1:02:03. */
export function duration(seconds) {
    if (seconds < 60) {
        return seconds.toFixed(1) + " s";
    }
    const whole = Math.floor(seconds);
    const two = (value) => String(value).padStart(2, "0");
    const hours = Math.floor(whole / 3600);
    const minutes = Math.floor(whole / 60) % 60;
    return (hours > 0 ? hours + ":" + two(minutes) : minutes) + ":" + two(whole % 60);
}

/** A count in few characters: 812, 4.2 k, 1.3 M. */
export function count(value) {
    return value < 1000 ? value.toFixed(0) : value < 1e6 ? (value / 1e3).toFixed(1) + " k"
            : (value / 1e6).toFixed(1) + " M";
}
