using ByokOperator.Cluster;
using Kube.Core;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Cluster;

public sealed class FailuresTests
{
    /// <summary>A 403 as every other by its code: nobody has to give the operator rights for it.</summary>
    [Fact]
    public void A_namespace_that_is_being_deleted_is_not_said_to_lack_rights()
    {
        var refusal = new KubeStatus
        {
            Code = 403,
            Reason = "Forbidden",
            Message = "unable to create new content in namespace acme because it is being terminated",
        };
        var words = Failures.Explain(new KubeException(refusal));
        (words.Reason, words.NeedsPerson).ShouldBe(("NamespaceTerminating", false));
        Failures.Explain(new KubeException(refusal with { Message = "no" })).NeedsPerson.ShouldBeTrue();
    }
}
