// Publishes one command, JSON on standard input:
//   java -cp 'KAFKA/*' Publish.java SERVERS ENDPOINT <command.json
// Java's default partitioner finds the endpoint's home by the key alone.

import java.io.FileInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.StringSerializer;

public class Publish {
  public static void main(String[] arguments) throws Exception {
    Properties settings = new Properties();
    String file = System.getenv("UNDERSTUDY_KAFKA_CONFIG_FILE");
    if (file != null) {
      try (FileInputStream in = new FileInputStream(file)) {
        settings.load(in);
      }
    }
    settings.put("bootstrap.servers", arguments[0]);
    settings.put("acks", "all");
    String prefix =
        System.getenv().getOrDefault("UNDERSTUDY_KAFKA_PREFIX", "understudy");
    String command =
        new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
    List<Header> headers = List.of(new RecordHeader(
        "content-type", "application/json".getBytes(StandardCharsets.UTF_8)));
    try (KafkaProducer<String, String> producer = new KafkaProducer<>(
             settings, new StringSerializer(), new StringSerializer())) {
      var stored = producer
                       .send(new ProducerRecord<>(prefix + ".commands", null,
                           arguments[1], command, headers))
                       .get();
      System.out.println(stored.partition() + ":" + stored.offset());
    }
  }
}
