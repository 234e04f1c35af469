package io.mpath.observe;

import io.mpath.DeviceId;

/**
 * Text that may come from a device or another program, fit to be printed on one line of a terminal: what could break
 * the line or steer the terminal is shown as an escape instead.
 */
final class OneLine {
    private OneLine() {}

    static String of(String text) {
        int sound = 0;
        while (sound < text.length() && !unprintable(text.charAt(sound))) {
            sound++;
        }
        if (sound == text.length()) {
            return text;
        }
        StringBuilder out = new StringBuilder();
        text.chars().forEach(c -> out.append(unprintable(c) ? String.format("\\u%04x", c) : String.valueOf((char) c)));
        return out.toString();
    }

    static String device(DeviceId device, String what) {
        return of(device + ": " + what);
    }

    static String path(DeviceId device, String path, String what) {
        return device(device, "path " + path + " " + what);
    }

    private static boolean unprintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }
}
