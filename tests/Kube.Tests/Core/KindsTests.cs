using System.Text;
using System.Text.Json;
using Kube.Core;
using Kube.Core.Kinds;
using Shouldly;
using Xunit;

namespace Kube.Tests.Core;

public sealed class KindsTests
{
    [Fact]
    public void A_field_left_out_on_the_wire_keeps_its_default()
    {
        var lease = JsonSerializer.Deserialize("""{"metadata":{"namespace":"a"}}""", CoreJson.Default.Lease)!;

        lease.ApiVersion.ShouldBe("coordination.k8s.io/v1");
        lease.Spec.ShouldNotBeNull();
        lease.Metadata.Name.ShouldBe("");
        lease.Metadata.Key.ShouldBe(new ObjectKey("a", ""));
    }
}
