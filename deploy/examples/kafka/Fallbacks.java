// Keeps a table of the endpoints that hold instances of other pools than their
// first choice, and prints each change:
//   java -cp 'KAFKA/*' Fallbacks.java SERVERS [--end]
// --end: stop at the end of what there is. Begins anew each time: the table is
// what the events mean, and they are the truth.

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.FileInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.StringDeserializer;

public class Fallbacks {
  private static final ObjectMapper JSON = new ObjectMapper();
  // Endpoint -> variant -> the pools of its first choice.
  private final Map<String, Map<String, Set<String>>> preferred =
      new HashMap<>();
  // Endpoint -> pool -> instances there, of pools that are not.
  private final Map<String, Map<String, Integer>> table = new TreeMap<>();

  private static String header(ConsumerRecord<?, ?> record, String name) {
    Header found = record.headers().lastHeader(name);
    return found == null
        ? ""
        : new String(found.value(), StandardCharsets.UTF_8);
  }

  private static Map<String, Set<String>> firstChoices(JsonNode spec) {
    Map<String, Set<String>> found = new HashMap<>();
    for (JsonNode variant : spec.path("variants")) {
      int best = Integer.MAX_VALUE;
      for (JsonNode pool : variant.path("pools"))
        best = Math.min(best, pool.path("priority").asInt());
      Set<String> names = new HashSet<>();
      for (JsonNode pool : variant.path("pools")) {
        if (pool.path("priority").asInt() == best)
          names.add(pool.path("name").asText());
      }
      found.put(variant.path("name").asText(), names);
    }
    return found;
  }

  private void count(String endpoint, JsonNode data, int change) {
    String pool = data.path("pool").asText();
    Set<String> first =
        preferred.getOrDefault(endpoint, Map.of())
            .getOrDefault(data.path("variant").asText(), Set.of());
    if (first.contains(pool))
      return;
    Map<String, Integer> held =
        table.computeIfAbsent(endpoint, name -> new TreeMap<>());
    held.merge(pool, change, Integer::sum);
    held.values().removeIf(number -> number <= 0);
    if (held.isEmpty())
      table.remove(endpoint);
    System.out.println(endpoint + " on fallback: " + held);
  }

  private void see(ConsumerRecord<String, String> record) throws Exception {
    String endpoint = record.key();
    JsonNode data = JSON.readTree(record.value());
    switch (header(record, "ce_type")) {
      case "endpoint-created", "endpoint-updated" ->
        preferred.put(endpoint, firstChoices(data.path("spec")));
      case "instance-joined" -> count(endpoint, data, 1);
      case "instance-left" -> count(endpoint, data, -1);
      case "endpoint-deleted" -> {
        preferred.remove(endpoint);
        table.remove(endpoint);
      }
      default -> { }
    }
  }

  private void follow(KafkaConsumer<String, String> consumer, String topic,
      boolean toEnd) throws Exception {
    var partitions = consumer.partitionsFor(topic)
                         .stream()
                         .map(one -> new TopicPartition(topic, one.partition()))
                         .collect(Collectors.toList());
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    Map<TopicPartition, Long> ends =
        toEnd ? consumer.endOffsets(partitions) : new HashMap<>();
    do {
      for (var record : consumer.poll(Duration.ofMillis(200)))
        see(record);
      // Positions are compared, never counted: offsets have gaps.
      ends.entrySet().removeIf(
          end -> consumer.position(end.getKey()) >= end.getValue());
    } while (!toEnd || !ends.isEmpty());
  }

  public static void main(String[] arguments) throws Exception {
    Properties settings = new Properties();
    String file = System.getenv("UNDERSTUDY_KAFKA_CONFIG_FILE");
    if (file != null) {
      try (FileInputStream in = new FileInputStream(file)) {
        settings.load(in);
      }
    }
    settings.put("bootstrap.servers", arguments[0]);
    settings.put("isolation.level", "read_committed");
    settings.put("enable.auto.commit", "false");
    String prefix =
        System.getenv().getOrDefault("UNDERSTUDY_KAFKA_PREFIX", "understudy");
    Fallbacks fallbacks = new Fallbacks();
    try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
             settings, new StringDeserializer(), new StringDeserializer())) {
      fallbacks.follow(consumer, prefix + ".events",
          arguments.length > 1 && arguments[1].equals("--end"));
    }
    System.out.println("on fallback: " + fallbacks.table);
  }
}
