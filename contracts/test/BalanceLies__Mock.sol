// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPoolFees} from "../interfaces/IPoolFees.sol";

/// @notice A token that says whatever it was told of every balance, or wastes all gas when asked.
contract BalanceLies__Mock {
    uint256 private _answer;
    bool private _wastes;

    function answer(uint256 value) external {
        _answer = value;
    }

    function waste() external {
        _wastes = true;
    }

    /// @dev Has its sender divide before anything has moved.
    function transfer(address, uint256 amount) external returns (bool) {
        IPoolFees(msg.sender).divide(address(this));
        _answer -= amount;
        return true;
    }

    function balanceOf(address) external view returns (uint256) {
        // solhint-disable-next-line no-inline-assembly
        if (_wastes)
            assembly {
                invalid()
            }
        return _answer;
    }
}
