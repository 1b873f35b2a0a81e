package io.ordersync.config;

import io.ordersync.domain.Rejection;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;

/** Wires the command {@code redrive}: the cluster and the topics are the service's, and so are their settings. */
@Configuration(proxyBeanMethods = false)
@Profile("redrive")
@EnableConfigurationProperties(OrderSyncProperties.class)
class RedriveConfiguration {

    private static final String COMMAND = "redrive";
    private static final String NAME = "-" + COMMAND;
    private static final Set<String> OPTIONS = Set.of("reason", "topic", "from-beginning", "send");

    @Bean
    ApplicationRunner redrive(
            OrderSyncProperties properties,
            KafkaProperties kafka,
            DefaultKafkaConsumerFactory<?, ?> consumers,
            DefaultKafkaProducerFactory<?, ?> producers) {
        return arguments -> {
            Set<String> inputs = Stream.concat(
                            properties.topics().inputs().stream(), properties.topics().optionalInputs().stream())
                    .collect(Collectors.toSet());
            Redrive.Choice choice = choice(arguments, inputs);
            String applicationId = Objects.requireNonNull(kafka.getStreams().getApplicationId());
            // With what Spring adds to the properties: spring.kafka.ssl.bundle is not among them.
            Map<String, Object> reading = new HashMap<>(consumers.getConfigurationProperties());
            reading.put(ConsumerConfig.GROUP_ID_CONFIG, applicationId + NAME);
            reading.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
            reading.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
            reading.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
            // It asks for topics that may be gone.
            reading.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
            Map<String, Object> writing = new HashMap<>(producers.getConfigurationProperties());
            writing.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, applicationId + NAME);
            writing.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 16 * 1024 * 1024);
            try (Consumer<byte[], byte[]> consumer =
                            new KafkaConsumer<>(reading, new ByteArrayDeserializer(), new ByteArrayDeserializer());
                    Producer<byte[], byte[]> producer =
                            new KafkaProducer<>(writing, new ByteArraySerializer(), new ByteArraySerializer())) {
                new Redrive(properties.topics().deadLetters(), inputs, consumer, producer, System.out).run(choice);
            }
        };
    }

    /**
     * What is to be done. An option that is not what it seems to be must not send more than was meant.
     *
     * @param inputs the topics that letters can be of
     * @throws InvalidSetting when there is no such option, reason or topic, or when one lacks its value or has none to have
     */
    static Redrive.Choice choice(ApplicationArguments arguments, Set<String> inputs) {
        Stream.concat(
                        arguments.getOptionNames().stream()
                                // Those with a dot are settings.
                                .filter(option -> !option.contains(".") && !OPTIONS.contains(option))
                                .map("--"::concat),
                        arguments.getNonOptionArgs().stream().filter(word -> !word.equals(COMMAND)))
                .findFirst()
                .ifPresent(argument -> {
                    throw new InvalidSetting(
                            "an option of redrive",
                            argument,
                            "--reason=…, --topic=…, --from-beginning or --send is needed");
                });
        Set<Rejection.Reason> reasons = new HashSet<>();
        for (String reason : values(arguments, "reason")) {
            try {
                reasons.add(Rejection.Reason.valueOf(reason.toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException e) {
                throw (InvalidSetting) new InvalidSetting(
                                "--reason",
                                reason,
                                "one of " + Arrays.toString(Rejection.Reason.values()) + " is needed")
                        .initCause(e);
            }
        }
        Set<String> topics = new HashSet<>();
        for (String topic : values(arguments, "topic")) {
            if (!inputs.contains(topic)) {
                throw new InvalidSetting("--topic", topic, "one of " + new TreeSet<>(inputs) + " is needed");
            }
            topics.add(topic);
        }
        return new Redrive.Choice(reasons, topics, isSet(arguments, "from-beginning"), isSet(arguments, "send"));
    }

    private static boolean isSet(ApplicationArguments arguments, String flag) {
        List<String> values = arguments.getOptionValues(flag);
        if (values != null && !values.isEmpty()) {
            throw new InvalidSetting(
                    "--" + flag, values.getFirst(), "it takes no value; leave it out where it is not meant");
        }
        return values != null;
    }

    private static List<String> values(ApplicationArguments arguments, String option) {
        List<String> given = arguments.getOptionValues(option);
        if (given == null) {
            return List.of();
        }
        List<String> values = given.stream()
                .flatMap(value -> Arrays.stream(value.split(",", -1)))
                .map(String::strip)
                .toList();
        if (values.isEmpty() || values.contains("")) {
            throw new InvalidSetting(
                    "--" + option, String.join(",", given), "a value is needed; without the option, all are chosen");
        }
        return values;
    }
}
