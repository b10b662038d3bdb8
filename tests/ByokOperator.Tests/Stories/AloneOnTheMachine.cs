using Xunit;

namespace ByokOperator.Tests.Stories;

/// <summary>Stories whose processes keep promises about time: no other test of ours runs beside them,
/// and a whole run leaves them for its end.</summary>
[Trait("Cores", "quiet")]
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneOnTheMachine
{
    public const string Name = "alone on the machine";
}
