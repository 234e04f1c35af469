package io.mpath.examples.cli;

import io.mpath.ConfigurationException;
import io.mpath.DeviceId;
import io.mpath.MultipathException;
import io.mpath.NoPathPolicy;
import io.mpath.examples.page.PageKind;
import io.mpath.examples.workload.ByteSize;
import io.mpath.examples.workload.RwMode;
import io.mpath.policy.IoPolicies;
import io.mpath.policy.IoPolicy;
import io.mpath.reservation.ReservationKey;
import io.mpath.reservation.ReservationType;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** What the words behind options mean. */
final class Converters {
    private static final Pattern TIME = Pattern.compile("(\\d{1,9})(ms|s|m|h)?");
    private static final Pattern TYPED_ID = Pattern.compile("(naa|eui|nguid|uuid|t10|name)\\..*");
    private static final String QUEUE_FOR = "queue:";

    private Converters() {}

    /** {@code 4k}. */
    static final class Size implements ITypeConverter<Long> {
        @Override
        public Long convert(String text) {
            try {
                return ByteSize.parse(text);
            } catch (NumberFormatException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    /** {@code 500ms}. */
    static final class Time implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            Matcher parts = TIME.matcher(text.toLowerCase(Locale.ROOT));
            if (!parts.matches()) {
                throw new TypeConversionException(
                        "'" + text + "' is no time: write a number and ms, s, m or h, such as 10s");
            }
            long number = Long.parseLong(parts.group(1));
            String unit = parts.group(2) == null ? "s" : parts.group(2);
            return switch (unit) {
                case "ms" -> Duration.ofMillis(number);
                case "m" -> Duration.ofMinutes(number);
                case "h" -> Duration.ofHours(number);
                default -> Duration.ofSeconds(number);
            };
        }
    }

    /** {@code fail}, {@code queue}, {@code queue:30s}. */
    static final class NoPath implements ITypeConverter<NoPathPolicy> {
        @Override
        public NoPathPolicy convert(String text) {
            if (text.startsWith(QUEUE_FOR)) {
                try {
                    return NoPathPolicy.queueFor(new Time().convert(text.substring(QUEUE_FOR.length())));
                } catch (ConfigurationException e) {
                    throw new TypeConversionException(e.getMessage());
                }
            }
            return switch (text) {
                case "fail" -> NoPathPolicy.fail();
                case "queue" -> NoPathPolicy.queueForever();
                default ->
                    throw new TypeConversionException(
                            "'" + text + "' is none of fail, queue and queue:TIME, such as queue:30s");
            };
        }
    }

    /** {@code round-robin}. */
    static final class Policy implements ITypeConverter<IoPolicy> {
        @Override
        public IoPolicy convert(String text) {
            try {
                return IoPolicies.named(text);
            } catch (ConfigurationException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    /** {@code randrw}. */
    static final class Mode implements ITypeConverter<RwMode> {
        @Override
        public RwMode convert(String text) {
            return Arrays.stream(RwMode.values())
                    .filter(mode -> mode.toString().equals(text))
                    .findFirst()
                    .orElseThrow(() -> new TypeConversionException("'" + text + "' is none of "
                            + Arrays.stream(RwMode.values())
                                    .map(RwMode::toString)
                                    .collect(Collectors.joining(", "))));
        }
    }

    /** {@code vpd83}. */
    static final class Page implements ITypeConverter<PageKind> {
        @Override
        public PageKind convert(String text) {
            return PageKind.of(text)
                    .orElseThrow(() -> new TypeConversionException("'" + text + "' is none of "
                            + Arrays.stream(PageKind.values())
                                    .map(PageKind::toString)
                                    .collect(Collectors.joining(", "))));
        }
    }

    /** {@code 0x1a}, or {@code 0}. */
    static final class Key implements ITypeConverter<ReservationKey> {
        @Override
        public ReservationKey convert(String text) {
            try {
                return text.equals("0") ? ReservationKey.NONE : ReservationKey.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    /** {@code write-exclusive-registrants-only}. */
    static final class Type implements ITypeConverter<ReservationType> {
        @Override
        public ReservationType convert(String text) {
            try {
                return ReservationType.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    /** {@code lio}. */
    static final class Target implements ITypeConverter<KnownTarget> {
        @Override
        public KnownTarget convert(String text) {
            return KnownTarget.of(text)
                    .orElseThrow(() -> new TypeConversionException("'" + text + "' is none of "
                            + Arrays.stream(KnownTarget.values())
                                    .map(KnownTarget::toString)
                                    .collect(Collectors.joining(", "))));
        }
    }

    /** {@code naa.6001…}; a word without a type is a name that the user gives. */
    static final class Id implements ITypeConverter<DeviceId> {
        @Override
        public DeviceId convert(String text) {
            try {
                return TYPED_ID.matcher(text).matches() ? DeviceId.parse(text) : DeviceId.named(text);
            } catch (MultipathException e) {
                throw new TypeConversionException("'" + text + "' is no device identity: " + e.getMessage());
            }
        }
    }
}
