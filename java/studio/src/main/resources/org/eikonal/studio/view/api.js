/** A request that the server refused, or that did not reach it (status 0). The message is for a person. */
export class ApiError extends Error {
    constructor(status, message) {
        super(message);
        this.status = status;
    }

    /** Whether the server does not know us: a missing or an old token. */
    get refused() {
        return this.status === 401 || this.status === 403;
    }
}

async function ask(method, path, body) {
    let response;
    try {
        response = await fetch(path, {
            method,
            headers: body === undefined ? {} : {"Content-Type": "application/json"},
            body: body === undefined ? undefined : JSON.stringify(body),
        });
    } catch {
        throw new ApiError(0, "The server does not answer.");
    }
    if (!response.ok) {
        throw new ApiError(response.status, await reason(response));
    }
    return response;
}

async function reason(response) {
    const text = await response.text().catch(() => "");
    try {
        const answer = JSON.parse(text);
        return answer.message ?? answer.title ?? response.statusText;
    } catch {
        return text.length > 0 && text.length < 300 ? text : `The server answered ${response.status}.`;
    }
}

async function json(method, path, body) {
    const text = await (await ask(method, path, body)).text();
    return text === "" ? null : JSON.parse(text);
}

export const api = {
    scene: () => json("GET", "/api/scene"),
    /** World centres of occupied cells: x, y, z, x, y, z, ... */
    occupancy: async () => new Float32Array(await (await ask("GET", "/api/occupancy")).arrayBuffer()),
    photo: (index, width) => `/api/photo/${index}?width=${width}`,
    /** Every frame of a film through keyframes. */
    path: (film) => json("POST", "/api/path", film),
    paths: () => json("GET", "/api/paths"),
    savedPath: (name) => json("GET", "/api/paths/" + encodeURIComponent(name)),
    savePath: (name, film) => json("PUT", "/api/paths/" + encodeURIComponent(name), film),
    render: (film) => json("POST", "/api/renders", film),
    cancel: (id) => json("DELETE", "/api/renders/" + encodeURIComponent(id)),
    film: (id) => `/api/renders/${encodeURIComponent(id)}/file`,
};
