using System.Text.Json;
using System.Text.Json.Serialization;

namespace ByokOperator.Notifications;

/// <summary>A notice as CloudEvents 1.0 has it, in structured JSON.</summary>
internal sealed record CloudEvent
{
    public const string MediaType = "application/cloudevents+json";

    public string Specversion { get; init; } = "1.0";

    public required string Id { get; init; }

    public required string Source { get; init; }

    public required string Type { get; init; }

    public required string Subject { get; init; }

    public required DateTimeOffset Time { get; init; }

    public string Datacontenttype { get; init; } = "application/json";

    public required NotificationData Data { get; init; }

    /// <summary>The bytes that are signed and sent.</summary>
    public static byte[] Write(Notification notice) => JsonSerializer.SerializeToUtf8Bytes(
        new CloudEvent
        {
            Id = notice.Id,
            Source = notice.Source,
            Type = notice.Type,
            Subject = notice.Subject,
            Time = notice.Time.ToUniversalTime(),
            Data = notice.Data,
        },
        NotificationJson.Default.CloudEvent);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CloudEvent))]
internal sealed partial class NotificationJson : JsonSerializerContext;
