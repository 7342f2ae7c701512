// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {IIdentityRegistry} from "../interfaces/IIdentityRegistry.sol";
import {IOutcomes} from "../interfaces/IOutcomes.sol";

/// @notice Which agent an account worked for, at every time.
abstract contract AgentLinks is IOutcomes {
    using Checkpoints for Checkpoints.Trace208;

    IIdentityRegistry internal immutable IDENTITY;

    /// @dev Agent + 1 by the second from which it holds; zero is none.
    mapping(address account => Checkpoints.Trace208) private _links;

    constructor(IIdentityRegistry identity) {
        IDENTITY = identity;
    }

    /// @inheritdoc IOutcomes
    function link(uint256 agentId) external {
        require(
            IDENTITY.ownerOf(agentId) == msg.sender || IDENTITY.getAgentWallet(agentId) == msg.sender,
            Outcomes_NotTheAgents(agentId, msg.sender)
        );
        _links[msg.sender].push(uint48(block.timestamp), SafeCast.toUint208(agentId + 1));
        emit Linked(agentId, msg.sender);
    }

    /// @inheritdoc IOutcomes
    function unlink(address account) external {
        (bool linked, uint256 agentId) = agentAt(account, uint48(block.timestamp));
        require(
            linked && (msg.sender == account || IDENTITY.ownerOf(agentId) == msg.sender),
            Outcomes_NotLinked(account)
        );
        _links[account].push(uint48(block.timestamp), 0);
        emit Unlinked(agentId, account);
    }

    /// @inheritdoc IOutcomes
    function agentAt(address account, uint48 time) public view returns (bool linked, uint256 agentId) {
        uint256 found = _links[account].upperLookupRecent(time);
        return found == 0 ? (false, 0) : (true, found - 1);
    }
}
