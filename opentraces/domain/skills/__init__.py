"""What agents were equipped with, and used: skills, slash commands, MCP servers, tools."""
