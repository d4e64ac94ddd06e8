// A Kafka Streams job of the daemon's shape, for kafka_fleet_benchmark.py to
// compare with: reads commands, parses them, keeps a state for each endpoint,
// writes one record to a journal and one to events, exactly once.
//   java -cp 'STREAMS/*' streams_job.java PROPERTIES PREFIX JOURNAL EVENT
// JOURNAL, EVENT: files with a message of each topic as the daemon writes it:
// a line NAME=VALUE for each header, an empty line, as many bytes as its value
// has. It runs until it is ended.

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.FileInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

public class StreamsJob {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int STATE_BYTES = 200;

  /** What each record of a topic looks like. */
  private record Form(Headers headers, byte[] value) {
    static Form read(String file) throws Exception {
      String[] parts = Files.readString(Path.of(file)).split("\n\n", 2);
      Headers headers = new RecordHeaders();
      for (String line : parts[0].split("\n")) {
        int at = line.indexOf('=');
        headers.add(line.substring(0, at),
                    line.substring(at + 1).getBytes(StandardCharsets.UTF_8));
      }
      return new Form(headers, parts[1].getBytes(StandardCharsets.UTF_8));
    }

    Record<String, byte[]> of(String key, long now) {
      return new Record<>(key, value, now, new RecordHeaders(headers));
    }
  }

  private static class Decider
      implements Processor<String, byte[], String, byte[]> {
    private final Form journal;
    private final Form events;
    private ProcessorContext<String, byte[]> context;
    private KeyValueStore<String, byte[]> states;

    Decider(Form journal, Form events) {
      this.journal = journal;
      this.events = events;
    }

    @Override
    public void init(ProcessorContext<String, byte[]> context) {
      this.context = context;
      this.states = context.getStateStore("states");
    }

    @Override
    public void process(Record<String, byte[]> record) {
      JsonNode command;
      try {
        command = JSON.readTree(record.value());
      } catch (Exception error) {
        return;
      }
      String endpoint = command.path("endpoint").asText();
      byte[] id = command.path("command").asText().getBytes(
          StandardCharsets.UTF_8);
      byte[] state = states.get(endpoint);
      state = state == null ? new byte[STATE_BYTES] : state.clone();
      System.arraycopy(id, 0, state, 0, Math.min(id.length, STATE_BYTES));
      states.put(endpoint, state);
      long now = System.currentTimeMillis();
      context.forward(journal.of(endpoint, now), "journal");
      context.forward(events.of(endpoint, now), "events");
    }
  }

  public static void main(String[] words) throws Exception {
    Properties settings = new Properties();
    try (FileInputStream file = new FileInputStream(words[0])) {
      settings.load(file);
    }
    String prefix = words[1];
    Form journal = Form.read(words[2]);
    Form events = Form.read(words[3]);
    Topology topology = new Topology();
    topology.addSource("commands", Serdes.String().deserializer(),
                       Serdes.ByteArray().deserializer(),
                       prefix + ".commands");
    topology.addProcessor("decider", () -> new Decider(journal, events),
                          "commands");
    topology.addStateStore(
        Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore("states"),
                                    Serdes.String(), Serdes.ByteArray())
            .withCachingEnabled(),
        "decider");
    for (String to : new String[] {"journal", "events"}) {
      topology.addSink(to, prefix + "." + to, Serdes.String().serializer(),
                       Serdes.ByteArray().serializer(), "decider");
    }
    settings.putIfAbsent(StreamsConfig.PROCESSING_GUARANTEE_CONFIG,
                         StreamsConfig.EXACTLY_ONCE_V2);
    KafkaStreams streams = new KafkaStreams(topology, settings);
    CountDownLatch ended = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(streams::close));
    streams.start();
    ended.await();
  }
}
