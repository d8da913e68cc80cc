import {Matrix4} from "./three.js";

/**
 * Where the picture of one camera belongs on the screen of another, as if all it shows were on a plane that faces the
 * first camera at a given depth: exact for turns on the spot, close enough for small moves until the next picture
 * comes.
 *
 * @param frame the picture's {pose, fov, width, height} @param eye where one looks from now @param depth of the
 * plane, in world units @param width of the screen in pixels; the picture is taken to be stretched over it @param
 * height of the screen @return a CSS matrix3d for the origin at the top left, or "none" if the plane can't be seen
 * from there
 */
export function reprojection(frame, eye, depth, width, height) {
    const from = rigid(frame.pose);
    const to = rigid(eye.pose).invert().multiply(from).elements;
    // The homography of the plane z = -depth: its rotation, with the translation in place of the last axis.
    const rows = [0, 1, 2].map((row) => [to[row], to[4 + row], to[8 + row] - to[12 + row] / depth]);
    const tangentFrom = Math.tan(frame.fov * Math.PI / 360);
    const tangentTo = Math.tan(eye.fov * Math.PI / 360);
    const lensFrom = lens(tangentFrom * frame.width / frame.height, tangentFrom, width, height);
    const aspectTo = tangentTo * width / height;
    // Pixel -> ray: x = (2u/w - 1) a, y = (1 - 2v/h) t, z = -1; ray -> pixel: the inverse, divided by -z.
    const rays = rows.map((row) => [row[0] * lensFrom[0], row[1] * lensFrom[1],
        row[0] * lensFrom[2] + row[1] * lensFrom[3] - row[2]]);
    const h = [0, 1, 2].map((column) => {
        const [x, y, z] = [rays[0][column], rays[1][column], rays[2][column]];
        return [width / 2 * (x / aspectTo - z), height / 2 * (-y / tangentTo - z), -z];
    });
    const scale = h[2][2];
    if (!(scale > 1e-6)) {
        return "none";
    }
    const [a, b, c] = h.map((column) => column.map((value) => (value / scale).toPrecision(9)));
    return `matrix3d(${a[0]},${a[1]},0,${a[2]},${b[0]},${b[1]},0,${b[2]},0,0,1,0,${c[0]},${c[1]},0,${c[2]})`;
}

/** What a ray's x and y gain per pixel, and where they begin. */
function lens(tangentX, tangentY, width, height) {
    return [2 * tangentX / width, -2 * tangentY / height, -tangentX, tangentY];
}

function rigid(p) {
    return new Matrix4().set(p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7], p[8], p[9], p[10], p[11], 0, 0, 0, 1);
}
