package dev.carillon.gateway.asset.s3;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/// One page of a bucket's listing (`ListObjectsV2`).
///
/// @param objects the keys under the prefix
/// @param folders what stands between the prefix and the next delimiter
/// @param next where the next page begins; empty on the last
record S3Listing(List<Item> objects, List<String> folders, Optional<String> next) {

  /// An object.
  record Item(String key, long bytes) {}

  /// Reads the XML; nothing outside of it is ever loaded.
  static S3Listing read(InputStream xml) throws IOException {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_COALESCING, true);
    try {
      return read(factory.createXMLStreamReader(xml));
    } catch (XMLStreamException | NumberFormatException broken) {
      throw new IOException("the listing cannot be read", broken);
    }
  }

  private static S3Listing read(XMLStreamReader xml) throws XMLStreamException {
    var objects = new ArrayList<Item>();
    var folders = new ArrayList<String>();
    Optional<String> next = Optional.empty();
    boolean inFolder = false;
    String key = "";
    while (xml.hasNext()) {
      int event = xml.next();
      if (event == XMLStreamConstants.END_ELEMENT && xml.getLocalName().equals("CommonPrefixes")) {
        inFolder = false;
      }
      if (event != XMLStreamConstants.START_ELEMENT) {
        continue;
      }
      switch (xml.getLocalName()) {
        case "CommonPrefixes" -> inFolder = true;
        case "Prefix" -> {
          String prefix = xml.getElementText();
          if (inFolder) {
            folders.add(prefix);
          }
        }
        case "Key" -> key = xml.getElementText();
        case "Size" -> objects.add(new Item(key, Long.parseLong(xml.getElementText().strip())));
        case "NextContinuationToken" -> next = Optional.of(xml.getElementText());
        default -> {
          // nothing we need
        }
      }
    }
    return new S3Listing(List.copyOf(objects), List.copyOf(folders), next);
  }
}
