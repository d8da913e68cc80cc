package org.eikonal.studio.photos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Set;
import org.eikonal.studio.image.Picture;
import org.eikonal.studio.image.PictureFiles;
import org.eikonal.studio.scene.colmap.ColmapFixture;

/**
 * A script {@code colmap} that takes what COLMAP 3.8 takes, says what it says, and makes models that a test wrote
 * before. What a test adds to a command, by {@link #at}, is run at its start.
 */
public record FakeColmap(Path folder) {
    private static final String SCRIPT = """
            #!/bin/sh
            here=HERE
            if [ "$2" = -h ]; then
              case $1 in
                feature_extractor)
                  echo '  --SiftExtraction.use_gpu arg (=1)'
                  echo '  --SiftExtraction.max_image_size arg (=3200)'
                  echo '  --SiftExtraction.max_num_features arg (=8192)';;
                *_matcher) echo '  --SiftMatching.use_gpu arg (=1)';;
              esac
              exit 0
            fi
            echo "$QT_QPA_PLATFORM $*" >> $here/calls
            command=$1
            while [ $# -gt 0 ]; do
              case $1 in
                --database_path) database=$2;;
                --image_list_path) list=$2;;
                --output_path) out=$2;;
              esac
              shift
            done
            if [ -f $here/$command.sh ]; then . $here/$command.sh; fi
            case $command in
              feature_extractor)
                n=$(wc -l < "$list")
                i=0
                while read -r name; do
                  i=$((i + 1))
                  printf 'Processed file [%d/%d]\\n  Name:            %s\\n' $i $n "$name"
                done < "$list"
                echo features >> "$database";;
              exhaustive_matcher)
                echo 'Matching block [1/1, 1/1] in 0.104s'
                echo matches >> "$database";;
              sequential_matcher)
                echo 'Matching image [1/2] in 0.1s'
                echo 'Matching image [2/2] in 0.1s';;
              mapper)
                echo 'Registering image #17 (3)'
                echo 'Registering image #4 (4)'
                cp -r $here/models/. "$out";;
            esac
            """;

    /** Makes the script, in a folder that is not there yet. */
    public static FakeColmap in(Path folder) throws IOException {
        Files.createDirectories(folder.resolve("models"));
        Path script = folder.resolve("colmap");
        Files.writeString(script, SCRIPT.replace("HERE", folder.toString()));
        Files.setPosixFilePermissions(script, Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE,
                PosixFilePermission.OWNER_EXECUTE));
        return new FakeColmap(folder);
    }

    Colmap program() {
        return new Colmap(folder.resolve("colmap"));
    }

    public FakeColmap at(String command, String shell) throws IOException {
        Files.writeString(folder.resolve(command + ".sh"), shell + "\n");
        return this;
    }

    /** The model of a number: photos of 8x6 pixels that look at the origin from all around. */
    public FakeColmap model(int number, List<String> photos) {
        return model(number, photos, 8, 6);
    }

    FakeColmap model(int number, List<String> photos, int width, int height) {
        ColmapFixture model = new ColmapFixture(folder.resolve("models"))
                .camera(1, "OPENCV", width, height, width, width, width / 2.0, height / 2.0, 0, 0, 0, 0)
                .point(0, 0, 0, 1, 2, 3, 0.25).point(0.1, 0, 0, 1, 2, 3, 0.75);
        for (int i = 0; i < photos.size(); i++) {
            double half = Math.PI * i / photos.size();
            model.image(1, photos.get(i), Math.cos(half), 0, Math.sin(half), 0, 0, 0, 3);
        }
        model.binary(String.valueOf(number));
        return this;
    }

    /** How often it was called, help not counted. */
    List<String> calls() throws IOException {
        return Files.exists(folder.resolve("calls")) ? Files.readAllLines(folder.resolve("calls")) : List.of();
    }

    /** Photos that the models fit. */
    public static void photos(Path folder, List<String> names) {
        names.forEach(name -> photo(folder.resolve(name), 8, 6));
    }

    static void photo(Path file, int width, int height) {
        try {
            PictureFiles.writePng(new Picture(width, height, new byte[4 * width * height]), file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
