// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IIdentityRegistry} from "../interfaces/IIdentityRegistry.sol";

/// @notice Who manages an agent: its owner, its operators and the account approved for it.
library Managers {
    /// @notice Reverts where there is no such agent.
    function manages(IIdentityRegistry registry, address account, uint256 agentId) internal view returns (bool) {
        address owner = registry.ownerOf(agentId);
        return
            account == owner || registry.getApproved(agentId) == account || registry.isApprovedForAll(owner, account);
    }
}
