using System.Text.Json;

namespace LocalCloud.Aws.Kms;

internal static class KeyMetadata
{
    public static void Write(Utf8JsonWriter answer, KmsKey key, KmsRegistry registry, string name = "KeyMetadata")
    {
        answer.WriteStartObject(name);
        answer.WriteString("AWSAccountId", key.Account);
        answer.WriteString("KeyId", key.Id);
        answer.WriteString("Arn", key.Arn);
        answer.WriteNumber("CreationDate", key.Created.ToUnixTimeMilliseconds() / 1000.0);
        answer.WriteBoolean("Enabled", key.State == KmsKeyState.Enabled);
        answer.WriteString("Description", key.Description);
        answer.WriteString("KeyUsage", key.Usage);
        answer.WriteString("KeyState", key.State.ToString());
        answer.WriteString("Origin", key.Origin);
        answer.WriteString("KeyManager", key.IsAwsManaged ? "AWS" : "CUSTOMER");
        answer.WriteString("CustomerMasterKeySpec", key.Spec);
        answer.WriteString("KeySpec", key.Spec);
        if (key.IsSymmetric)
        {
            answer.WriteStartArray("EncryptionAlgorithms");
            answer.WriteStringValue("SYMMETRIC_DEFAULT");
            answer.WriteEndArray();
            if ((key.Imported is null ? key.Current?.Id : key.Imported.Current?.Id) is { } current)
            {
                answer.WriteString("CurrentKeyMaterialId", current);
            }
        }

        if (key.Imported is { } imported && key.Current is not null)
        {
            WriteExpiry(answer, imported.Expires);
        }

        if (key.DeletionDate is { } date && key.State == KmsKeyState.PendingDeletion)
        {
            answer.WriteNumber("DeletionDate", date.ToUnixTimeSeconds());
        }

        answer.WriteBoolean("MultiRegion", key.IsMultiRegion);
        if (key.IsMultiRegion)
        {
            WriteRegions(answer, key, registry);
        }

        answer.WriteEndObject();
    }

    public static void WriteExpiry(Utf8JsonWriter answer, DateTimeOffset? expires)
    {
        answer.WriteString("ExpirationModel", expires is null ? "KEY_MATERIAL_DOES_NOT_EXPIRE"
            : "KEY_MATERIAL_EXPIRES");
        if (expires is { } end)
        {
            answer.WriteNumber("ValidTo", end.ToUnixTimeMilliseconds() / 1000.0);
        }
    }

    private static void WriteRegions(Utf8JsonWriter answer, KmsKey key, KmsRegistry registry)
    {
        var all = registry.Replicas(key).OrderBy(one => one.Region, StringComparer.Ordinal).ToList();
        answer.WriteStartObject("MultiRegionConfiguration");
        answer.WriteString("MultiRegionKeyType", key.Region == key.PrimaryRegion ? "PRIMARY" : "REPLICA");
        answer.WriteStartObject("PrimaryKey");
        answer.WriteString("Arn", (key.Name with { Region = key.PrimaryRegion }).ToString());
        answer.WriteString("Region", key.PrimaryRegion);
        answer.WriteEndObject();
        answer.WriteStartArray("ReplicaKeys");
        foreach (var replica in all.Where(one => one.Region != key.PrimaryRegion))
        {
            answer.WriteStartObject();
            answer.WriteString("Arn", replica.Arn);
            answer.WriteString("Region", replica.Region);
            answer.WriteEndObject();
        }

        answer.WriteEndArray();
        answer.WriteEndObject();
    }
}
