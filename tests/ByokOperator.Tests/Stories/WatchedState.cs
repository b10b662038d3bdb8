namespace ByokOperator.Tests.Stories;

/// <summary>A state of the world that somebody has to be told of.</summary>
/// <param name="What">How it comes about, for the table.</param>
/// <param name="Alerts">Which have to fire: the name, and where it has labels those of this state, such as
/// <c>ByokLooksFail{kind="key"}</c>.</param>
/// <param name="Break">Brings it about.</param>
/// <param name="Mend">Ends it.</param>
internal sealed record WatchedState(
    string What, IReadOnlyList<string> Alerts, Func<Task> Break, Func<Task> Mend);
