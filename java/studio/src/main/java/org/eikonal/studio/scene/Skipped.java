package org.eikonal.studio.scene;

/**
 * A photo that was listed but left out.
 *
 * @param name as the scene's file has it
 * @param reason why, in a few words
 */
public record Skipped(String name, String reason) {}
