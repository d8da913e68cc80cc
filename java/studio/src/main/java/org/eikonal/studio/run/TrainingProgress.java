package org.eikonal.studio.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * How a training run fares: a line of {@code metrics.jsonl}, means over the steps since the line before.
 *
 * @param step training steps that were done
 * @param seconds wall time of training, all resumes together
 * @param fraction how much of the whole was done, 0 to 1
 * @param loss the mean loss of rays that met something
 * @param trainPsnr decibels, estimated from the loss, so over training pixels with their background; null if the loss
 *     does not tell
 * @param raysPerSecond rays drawn
 * @param samplesPerSecond samples marched
 * @param learningRate of the last step
 * @param occupied fraction of the occupancy grid's cells
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TrainingProgress(
        long step,
        double seconds,
        double fraction,
        double loss,
        @JsonProperty("train_psnr") Double trainPsnr,
        @JsonProperty("rays_per_second") double raysPerSecond,
        @JsonProperty("samples_per_second") double samplesPerSecond,
        @JsonProperty("learning_rate") double learningRate,
        double occupied) {}
