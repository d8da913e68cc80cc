/** Something opaque that rays hit, the same colour from everywhere. World units, z up. */
sealed interface Thing permits Thing.Ball, Thing.Block, Thing.Disc, Shell {
    /** What {@link #hit} answers for a miss. */
    double MISS = Double.POSITIVE_INFINITY;

    Vec LAMP = new Vec(0.4, -0.5, 0.8).unit();

    /** The distance to where a ray of unit direction meets the thing, below {@code limit}, or {@link #MISS}. */
    double hit(Vec origin, Vec direction, double limit);

    /** The colour at a point of the surface. */
    Vec colour(Vec point);

    /** A pattern in the light of a far lamp that casts no shadows. */
    static Vec lit(Pattern pattern, Vec point, Vec normal) {
        return pattern.at(point).times(0.65 + 0.35 * normal.dot(LAMP));
    }

    /** A sphere. */
    record Ball(Vec centre, double radius, Pattern pattern) implements Thing {
        @Override
        public double hit(Vec origin, Vec direction, double limit) {
            Vec to = centre.minus(origin);
            double along = to.dot(direction);
            double square = along * along - to.dot(to) + radius * radius;
            double t = along - Math.sqrt(square); // NaN if the ray passes by, which is not above 0
            return t > 0 && t < limit ? t : MISS;
        }

        @Override
        public Vec colour(Vec point) {
            return Thing.lit(pattern, point, point.minus(centre).times(1 / radius));
        }
    }

    /** A box along the axes. */
    record Block(Vec centre, Vec half, Pattern pattern) implements Thing {
        @Override
        public double hit(Vec origin, Vec direction, double limit) {
            double[] from = centre.minus(origin).array();
            double[] way = direction.array();
            double[] sides = half.array();
            double in = Double.NEGATIVE_INFINITY;
            double out = limit;
            for (int i = 0; i < 3; i++) {
                double middle = from[i] / way[i];
                double width = Math.abs(sides[i] / way[i]);
                in = Math.max(in, middle - width);
                out = Math.min(out, middle + width);
            }
            return in > 0 && in < out ? in : MISS;
        }

        @Override
        public Vec colour(Vec point) {
            double[] at = point.minus(centre).array();
            double[] sides = half.array();
            double[] normal = new double[3];
            int face = 0;
            for (int i = 1; i < 3; i++) {
                face = Math.abs(at[i]) / sides[i] > Math.abs(at[face]) / sides[face] ? i : face;
            }
            normal[face] = Math.signum(at[face]);
            return Thing.lit(pattern, point, new Vec(normal[0], normal[1], normal[2]));
        }
    }

    /** A level disc about the z axis, seen from above. */
    record Disc(double height, double radius, Pattern pattern) implements Thing {
        @Override
        public double hit(Vec origin, Vec direction, double limit) {
            double t = (height - origin.z()) / direction.z();
            double x = origin.x() + t * direction.x();
            double y = origin.y() + t * direction.y();
            return t > 0 && t < limit && x * x + y * y <= radius * radius ? t : MISS;
        }

        @Override
        public Vec colour(Vec point) {
            return Thing.lit(pattern, point, new Vec(0, 0, 1));
        }
    }
}
