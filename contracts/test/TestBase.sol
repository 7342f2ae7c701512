// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice The cheat codes that our Solidity tests use.
interface IVm {
    function prank(address sender) external;

    function warp(uint256 time) external;

    function roll(uint256 number) external;

    function expectRevert(bytes calldata data) external;
}

/// @notice What a fuzz or invariant test needs.
abstract contract TestBase {
    IVm internal constant vm = IVm(address(uint160(uint256(keccak256("hevm cheat code")))));
    address[] private _targets;

    /// @notice Read by the test runner: the contracts that an invariant test calls.
    function targetContracts() public view returns (address[] memory) {
        return _targets;
    }

    function targetContract(address target) internal {
        _targets.push(target);
    }

    /// @notice A number from `low` to `high`, both included.
    function bound(uint256 x, uint256 low, uint256 high) internal pure returns (uint256) {
        uint256 span = high - low;
        return span == type(uint256).max ? x : low + (x % (span + 1));
    }

    function pass(uint256 seconds_, uint256 blocks) internal {
        vm.warp(block.timestamp + seconds_);
        vm.roll(block.number + blocks);
    }

    function assertEq(uint256 a, uint256 b, string memory what) internal pure {
        require(a == b, what);
    }
}
