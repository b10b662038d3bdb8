using Xunit;

namespace CloudStories;

/// <summary>Stories that keep promises about time: no other story runs beside them,
/// and a whole run leaves them for its end.</summary>
[Trait("Cores", "quiet")]
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneOnTheMachine
{
    public const string Name = "alone on the machine";
}
