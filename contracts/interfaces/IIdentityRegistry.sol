// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";

/// @title IdentityRegistry
/// @notice ERC-8004's registry of agents: an agent is an ERC-721 token whose URI leads to its registration file. Deployed
/// by the protocol only where a chain has no canonical one; functions, events and signatures are the standard's.
/// @dev "May manage": the owner, its operators and the account approved for the token.
interface IIdentityRegistry is IERC721 {
    struct MetadataEntry {
        string metadataKey;
        bytes metadataValue;
    }

    event Registered(uint256 indexed agentId, string agentURI, address indexed owner);
    event URIUpdated(uint256 indexed agentId, string newURI, address indexed updatedBy);
    event MetadataSet(
        uint256 indexed agentId,
        string indexed indexedMetadataKey,
        string metadataKey,
        bytes metadataValue
    );

    /// @notice The caller may not manage this agent.
    error IdentityRegistry_NotManager(uint256 agentId, address caller);
    /// @notice The key agentWallet is set by {setAgentWallet} alone.
    error IdentityRegistry_Reserved();
    /// @notice The deadline has passed, or lies more than five minutes ahead.
    error IdentityRegistry_Deadline(uint256 deadline, uint256 time);
    /// @notice The new wallet did not sign this, or is zero.
    error IdentityRegistry_Wallet(address wallet);

    /// @notice Registers an agent; the caller owns it and is its wallet.
    function register() external returns (uint256 agentId);

    /// @notice As {register}, with a URI.
    function register(string calldata agentURI) external returns (uint256 agentId);

    /// @notice As {register}, with a URI and metadata.
    function register(string calldata agentURI, MetadataEntry[] calldata metadata) external returns (uint256 agentId);

    /// @notice Changes an agent's URI. For who may manage it.
    function setAgentURI(uint256 agentId, string calldata newURI) external;

    /// @notice Sets metadata of an agent. For who may manage it.
    function setMetadata(uint256 agentId, string calldata metadataKey, bytes calldata metadataValue) external;

    /// @notice Changes an agent's wallet. For who may manage it, with the wallet's EIP-712 (or ERC-1271) signature of
    /// AgentWalletSet(uint256 agentId,address newWallet,address owner,uint256 deadline) in the domain
    /// ("ERC8004IdentityRegistry", "1", chain, this contract).
    function setAgentWallet(uint256 agentId, address newWallet, uint256 deadline, bytes calldata signature) external;

    /// @notice Takes an agent's wallet away. For who may manage it; a transfer to another account does so too.
    function unsetAgentWallet(uint256 agentId) external;

    /// @notice Metadata of an agent; under agentWallet its wallet's 20 bytes, or none.
    function getMetadata(uint256 agentId, string calldata metadataKey) external view returns (bytes memory);

    /// @notice An agent's wallet; zero where it has none.
    function getAgentWallet(uint256 agentId) external view returns (address);
}
