using System.Xml;
using System.Xml.Linq;

namespace LocalCloud.Aws.S3;

/// <summary>ServerSideEncryptionConfiguration. The key id is taken as it comes;
/// S3 looks at it only when an object needs it.</summary>
internal static class EncryptionDocument
{
    public static DefaultEncryption Read(XElement root)
    {
        var rule = root.One("Rule") ?? throw S3Problems.MalformedXml();
        var standard = rule.One("ApplyServerSideEncryptionByDefault");
        var algorithm = standard?.Text("SSEAlgorithm") ?? "AES256";
        var key = standard?.Text("KMSMasterKeyID");
        if (algorithm is not ("AES256" or "aws:kms" or "aws:kms:dsse"))
        {
            throw S3Problems.MalformedXml();
        }

        if (algorithm == "AES256" && key is not null)
        {
            throw S3Problems.InvalidArgument(
                "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse");
        }

        return new DefaultEncryption(
            algorithm,
            key,
            string.Equals(rule.Text("BucketKeyEnabled"), "true", StringComparison.OrdinalIgnoreCase),
            [.. rule.One("BlockedEncryptionTypes")?.All("EncryptionType").Select(type => type.Value) ?? []]);
    }

    public static void Write(XmlWriter xml, DefaultEncryption encryption)
    {
        xml.WriteStartElement("Rule");
        xml.WriteStartElement("ApplyServerSideEncryptionByDefault");
        xml.WriteElementString("SSEAlgorithm", encryption.Algorithm);
        if (encryption.KeyId is not null)
        {
            xml.WriteElementString("KMSMasterKeyID", encryption.KeyId);
        }

        xml.WriteEndElement();
        xml.WriteElementString("BucketKeyEnabled", encryption.BucketKey ? "true" : "false");
        if (encryption.BlockedTypes.Count > 0)
        {
            xml.WriteStartElement("BlockedEncryptionTypes");
            foreach (var type in encryption.BlockedTypes)
            {
                xml.WriteElementString("EncryptionType", type);
            }

            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }
}
