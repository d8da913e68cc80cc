package org.eikonal;

/** A radiance field that is made and evaluated in no time. */
final class TinyField {
    static final FieldConfig CONFIG = FieldConfig.builder()
            .encoding(EncodingConfig.hashGrid().levels(4).featuresPerLevel(2).log2HashmapSize(10).baseResolution(4).build())
            .network(NetworkConfig.builder().neurons(16).hiddenLayers(1).build())
            .directionEncoding(EncodingConfig.sphericalHarmonics(2))
            .colorNetwork(NetworkConfig.builder().neurons(16).hiddenLayers(1)
                    .outputActivation(Activation.SIGMOID).build())
            .build();

    private TinyField() {}
}
