using ByokOperator.Commands;

using var means = new OnDemand();
return await Boundary.RunAsync(CommandTree.Root(means), args, Console.Error);
