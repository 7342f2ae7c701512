// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ILaunchpad} from "../interfaces/ILaunchpad.sol";

/// @notice Rules, limits and warnings: {ILaunchpad}.
contract Launchpad is ILaunchpad {
    address private immutable LAUNCHER = msg.sender;

    /// @inheritdoc ILaunchpad
    uint256 public launched;

    /// @inheritdoc ILaunchpad
    function launch(uint256 index, bytes calldata code) external {
        require(msg.sender == LAUNCHER, Launchpad_Caller(msg.sender, LAUNCHER));
        require(index == launched, Launchpad_Index(index, launched));
        launched = index + 1;
        address created;
        assembly ("memory-safe") {
            let creation := mload(0x40)
            calldatacopy(creation, code.offset, code.length)
            created := create(0, creation, code.length)
            if iszero(created) {
                returndatacopy(creation, 0, returndatasize())
                revert(creation, returndatasize())
            }
        }
        emit Launched(index, created);
    }
}
