using System.Text;
using System.Text.Json.Nodes;
using ByokOperator.Keys;
using ByokOperator.Notifications;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Notifications;

public sealed class NotificationMakerTests
{
    [Fact]
    public void The_same_change_has_the_same_id_whenever_it_is_told() =>
        NotificationMaking.Of("1").Id.ShouldBe(NotificationMaking.Of("1", NotificationMaking.Noon.AddDays(1)).Id);

    [Fact]
    public void Another_clock_is_another_change() =>
        NotificationMaking.Of("2").Id.ShouldNotBe(NotificationMaking.Of("1").Id);

    [Fact]
    public void Each_step_towards_an_expiry_is_told_once()
    {
        var expiry = NotificationMaking.Noon.AddDays(5);
        KeyNotifications.Expiring(NotificationMaking.Key, "eu-west-1", expiry, 7, NotificationMaking.Noon).Id
            .ShouldBe(
                KeyNotifications.Expiring(NotificationMaking.Key, "eu-west-1", expiry, 7,
                    NotificationMaking.Noon.AddHours(1)).Id);
        KeyNotifications.Expiring(NotificationMaking.Key, "eu-west-1", expiry, 1, NotificationMaking.Noon).Id
            .ShouldNotBe(
                KeyNotifications.Expiring(NotificationMaking.Key, "eu-west-1", expiry, 7, NotificationMaking.Noon).Id);
    }

    [Fact]
    public void It_is_a_CloudEvent_in_structured_JSON()
    {
        var notice = NotificationMaking.Of("1");
        JsonNode.DeepEquals(
            JsonNode.Parse(Encoding.UTF8.GetString(CloudEvent.Write(notice))),
            JsonNode.Parse($$"""
                {
                  "specversion": "1.0", "id": "{{notice.Id}}", "type": "dev.byok.key.revoked.v1", "subject": "acme-2026",
                  "source": "/apis/byok.dev/v1alpha1/namespaces/acme/tenantencryptionkeys/acme-2026",
                  "time": "2026-11-21T12:00:00+00:00", "datacontenttype": "application/json",
                  "data": { "kind": "TenantEncryptionKey", "namespace": "acme", "name": "acme-2026", "uid": "u-1", "reason": "KeyDisabled" }
                }
                """)).ShouldBeTrue();
    }
}
